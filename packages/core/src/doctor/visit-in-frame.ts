import { startInterval } from '../platform/interval.js'
import { startTimer } from '../platform/timer.js'

const TIMEOUT_MS = 10_000
const POLL_MS = 20

type Page = Window & typeof globalThis

/** Where a frame ended, if the page may know. */
export interface VisitedPage {
  readonly url: string
  /** Whether a service worker handled the navigation. */
  readonly isOfServiceWorker: boolean
}

/**
 * Opens a URL in a hidden frame in which no script runs, so that the app in it does not handle a response.
 *
 * @param isEnd for an address at which the frame is removed at once, before the page in it loads
 * @returns undefined for a page of another origin, a blocked one, and after 10 s
 */
export function visitInFrame(page: Page, url: string, isEnd: (href: string) => boolean): Promise<VisitedPage | undefined> {
  // oxlint-disable-next-line react/iframe-missing-sandbox -- the rule does not see that `setAttribute` sets it below
  const frame = page.document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Latchkey doctor'
  frame.referrerPolicy = 'no-referrer'
  frame.setAttribute('sandbox', 'allow-same-origin')
  frame.src = url
  return new Promise((resolve) => {
    const finish = (): void => {
      clearInterval(poll)
      clearTimeout(timer)
      const visited = visitedPage(frame)
      frame.remove()
      resolve(visited)
    }
    const poll = startInterval(() => {
      const visited = visitedPage(frame)
      if (visited && isEnd(visited.url)) finish()
    }, POLL_MS)
    const timer = startTimer(finish, TIMEOUT_MS)
    frame.addEventListener('load', finish)
    page.document.body.append(frame)
  })
}

/** A frame of another origin throws. */
function visitedPage({ contentWindow }: HTMLIFrameElement): VisitedPage | undefined {
  try {
    const url = contentWindow?.location.href ?? 'about:blank'
    if (url.startsWith('about:')) return undefined
    const [timing] = contentWindow?.performance.getEntriesByType('navigation') ?? []
    return { url, isOfServiceWorker: timing !== undefined && (timing as PerformanceNavigationTiming).workerStart > 0 }
  } catch {
    return undefined
  }
}
