/** Requests that are sent at the same time, and those of them to one site. */
const MAX_SENT = 20
const MAX_SENT_TO_SITE = 4
/** Requests that wait until another one has ended, and those of them to one site. */
const MAX_WAITING = 100
const MAX_WAITING_FOR_SITE = 20

/** Limits how many requests are sent at the same time. */
export interface FetchSlots {
  /** Sends a request once there is room for it. Throws a TypeError if too many wait. */
  run<Result>(url: string, send: () => Promise<Result>): Promise<Result>
}

interface Waiting {
  readonly site: string
  readonly start: () => void
}

/** Creates slots of which one site, which may never respond, has a few: the others stay free for the other sites. */
export function createFetchSlots(): FetchSlots {
  const sent: string[] = []
  const waiting: Waiting[] = []
  const isFree = (site: string): boolean =>
    sent.length < MAX_SENT && sent.filter((other) => other === site).length < MAX_SENT_TO_SITE
  const wait = (site: string): Promise<void> => {
    const isFull = waiting.length >= MAX_WAITING || waiting.filter((other) => other.site === site).length >= MAX_WAITING_FOR_SITE
    if (isFull) return Promise.reject(new TypeError('too many requests are being sent'))
    return new Promise((start) => void waiting.push({ site, start }))
  }
  const startNext = (): void => {
    const index = waiting.findIndex(({ site }) => isFree(site))
    const [next] = index === -1 ? [] : waiting.splice(index, 1)
    if (!next) return
    sent.push(next.site)
    next.start()
  }
  return {
    async run(url, send) {
      const site = siteOf(url)
      if (isFree(site)) sent.push(site)
      else await wait(site)
      try {
        return await send()
      } finally {
        sent.splice(sent.indexOf(site), 1)
        startNext()
      }
    },
  }
}

/** The last two labels of a name, since its owner has any number of names below it; an address as it is. */
function siteOf(url: string): string {
  const { hostname } = new URL(url)
  return /^(?:\[.*\]|[\d.]+)$/.test(hostname) ? hostname : hostname.replace(/\.$/, '').split('.').slice(-2).join('.')
}
