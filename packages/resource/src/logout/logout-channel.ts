import type { LogoutNotice } from './create-logout-verifier.js'

/** The session of an open tab. */
export interface TabSession {
  /** Who has signed the user in. */
  readonly issuer: string
  /** The user. */
  readonly sub?: string | undefined
  /** The session, from the ID token's claim `sid`. Without it, the tab is notified only of logouts of the whole user. */
  readonly sid?: string | undefined
}

/** Options of {@link createLogoutChannel}. */
export interface LogoutChannelOptions {
  /** Streams that are open at once; further ones get 503. Default 10,000. */
  readonly maxStreams?: number | undefined
  /** Seconds between two comments, which keep proxies from closing a stream. Default 25. */
  readonly heartbeatSeconds?: number | undefined
}

/** Notifies the open tabs of a process by server-sent events. @see HTML Standard, section 9.2 */
export interface LogoutChannel {
  /** Responds with the stream of a tab. It ends when the tab is notified or closed. */
  open(session: TabSession): Response
  /** Notifies the tabs whose session has ended. If the app is several processes, send the notice to each, for example by Redis. */
  publish(notice: LogoutNotice): void
  /** How many streams are open. */
  readonly size: number
}

/** An event that has no content. */
const COMMENT = ':\n\n'

interface Tab {
  readonly session: TabSession
  readonly controller: ReadableStreamDefaultController<Uint8Array>
}

/** Creates the channel by which the API notifies open tabs of a sign-out elsewhere. Each stream has one event, `logout`, without data. */
export function createLogoutChannel(options: LogoutChannelOptions = {}): LogoutChannel {
  const { maxStreams = 10_000, heartbeatSeconds = 25 } = options
  const tabs = openTabs(heartbeatSeconds * 1000)
  return {
    get size() {
      return tabs.all.size
    },
    open: (session) => {
      const uncached = { 'cache-control': 'no-store' }
      if (tabs.all.size >= maxStreams) return new Response(null, { status: 503, headers: { ...uncached, 'retry-after': '60' } })
      const headers = { ...uncached, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
      return new Response(tabs.add(session), { headers })
    },
    publish: (notice) => {
      for (const tab of [...tabs.all].filter(({ session }) => isEnded(session, notice))) {
        tabs.send(tab, 'event: logout\ndata:\n\n')
        tabs.remove(tab)
        closeQuietly(tab)
      }
    },
  }
}

interface OpenTabs {
  readonly all: ReadonlySet<Tab>
  /** Returns the stream of a new tab. */
  readonly add: (session: TabSession) => ReadableStream<Uint8Array>
  readonly send: (tab: Tab, text: string) => void
  readonly remove: (tab: Tab) => void
}

function openTabs(heartbeatMs: number): OpenTabs {
  const encoder = new TextEncoder()
  const all = new Set<Tab>()
  let timer: ReturnType<typeof setInterval> | undefined
  const remove = (tab: Tab): void => {
    all.delete(tab)
    if (all.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  const send = (tab: Tab, text: string): void => {
    try {
      tab.controller.enqueue(encoder.encode(text))
    } catch {
      // The runtime has closed the stream without cancelling it.
      remove(tab)
    }
  }
  const add = (session: TabSession): ReadableStream<Uint8Array> => {
    let tab: Tab | undefined
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        tab = { session, controller }
        all.add(tab)
        timer ??= setInterval(() => {
          for (const each of all) send(each, COMMENT)
        }, heartbeatMs)
        // Sends the headers at once.
        send(tab, COMMENT)
      },
      cancel: () => tab && remove(tab),
    })
  }
  return { all, add, send, remove }
}

/** With a `sid`, that session alone has ended; without one, all sessions of the user. */
function isEnded({ issuer, sub, sid }: TabSession, notice: LogoutNotice): boolean {
  if (issuer !== notice.issuer) return false
  if (notice.sub !== undefined && sub !== undefined && notice.sub !== sub) return false
  if (notice.sid !== undefined) return notice.sid === sid
  return notice.sub !== undefined && notice.sub === sub
}

function closeQuietly({ controller }: Tab): void {
  try {
    controller.close()
  } catch {
    // It was closed by the runtime.
  }
}
