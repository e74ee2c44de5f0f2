import { readCookieFamily } from '../http/cookies.js'
import type { RequestContext } from '../http/request-context.js'
import { digest } from '../storage/digest.js'

/** A session that has just started in a browser. */
export interface StartedSession {
  readonly sid: string
  readonly userId: string
  /** The key of the session. */
  readonly key: string
  /** The key under which the clients of all sessions with this `sid` are recorded. */
  readonly clientsKey: string
}

/** What is stored: all of one browser expire together, so that none is hidden by a free place before it. */
interface Entry extends StartedSession {
  readonly expiresAt: number
}

/** Milliseconds in which a sign-in may be in flight. */
const IN_FLIGHT = 600_000
/** Cookies of pages that are looked at. Each tab may have had one if all were opened at once. */
const MAX_COOKIES = 5

/** Decides what is started, by the sessions that were found so far. */
type Decide = (earlier: readonly StartedSession[]) => Promise<StartedSession>

/**
 * Records that a session starts in this browser, and returns it with those that started there shortly before. Two forms that are sent at
 * the same time have no session cookie yet, and only one of the two new cookies stays in the browser: without this record, no sign-out
 * would end the other session.
 */
export async function recordSignIn(
  context: RequestContext,
  decide: Decide,
): Promise<{ readonly started: StartedSession; readonly earlier: readonly StartedSession[] }> {
  let earlier: readonly StartedSession[] = []
  // One after the other and in one order: who is first at one cookie is first at all of them.
  for (const browser of await browsersOf(context)) earlier = await recordAt(browser, { context, earlier, decide })
  return { started: await decide(earlier), earlier }
}

async function browsersOf(context: RequestContext): Promise<readonly string[]> {
  const digests = await Promise.all(readCookieFamily(context, 'browser').map((cookie) => digest(cookie)))
  return digests.toSorted().slice(0, MAX_COOKIES)
}

interface Recording {
  readonly context: RequestContext
  readonly earlier: readonly StartedSession[]
  readonly decide: Decide
}

/** Takes the first free place of this browser. Returns all sessions that are known then. */
async function recordAt(browser: string, { context, earlier, decide }: Recording): Promise<readonly StartedSession[]> {
  const { server } = context
  const known = [...earlier]
  let expiresAt = server.now() + IN_FLIGHT
  for (let place = 0; ;) {
    const key = `sign-in:${browser}:${place}`
    const found = await server.stores.state.get<Entry>(key)
    // A place that another request has just taken is read in the next turn.
    if (!found && (await server.stores.state.add(key, { ...(await decide(known)), expiresAt }, expiresAt))) return known
    if (!found) continue
    known.push(found)
    expiresAt = found.expiresAt
    place += 1
  }
}
