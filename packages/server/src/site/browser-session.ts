import { deleteCookiesOfOtherPorts, deleteForeignCookies, readCookies, writeCookie } from '../http/cookies.js'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import { digest, digestNow } from '../storage/digest.js'
import { hasSessionEnded, markSessionEnded } from '../token/ended-session.js'
import { revokeFamily } from '../token/revoke-family.js'
import { randomGenerator } from '../token/token-generator.js'
import { recordSignIn, type StartedSession } from './parallel-sign-ins.js'
import type { BrowserSession, AuthenticatedUser } from './site-adapter.js'

const random = randomGenerator()

/** A session as it is stored, under the digest of its cookie. */
export interface StoredSession extends BrowserSession {
  readonly key: string
  /** The key of the session that started at the same time in this browser, and records the clients of both. */
  readonly clientsKey?: string | undefined
  /** The site of a grant that the user signed in at; absent for the server's. */
  readonly site?: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Session cookies that are looked up. Other servers of this host may have set some. */
const MAX_COOKIES = 5

/**
 * Returns the session of this browser. With several of them, the user is not signed in: a page on another port or subdomain could have
 * planted the one of its own user.
 */
export async function readSession(context: RequestContext): Promise<StoredSession | undefined> {
  const [session, ...others] = (await readSessions(context)) ?? []
  if (session && others.length === 0) return session
  if (session || isFlooded(context)) deleteForeignCookies(context, 'session')
  return undefined
}

/** Tells whether the browser sends cookies of several sessions, or so many cookies that some of them are not looked up. */
export async function hasSeveralSessions(context: RequestContext): Promise<boolean> {
  const sessions = await readSessions(context)
  return sessions === undefined || sessions.length > 1
}

/** Returns the sessions of all cookies that the browser sends; undefined if there are too many: the first ones may all be planted. */
async function readSessions(context: RequestContext): Promise<readonly StoredSession[] | undefined> {
  const cookies = readCookies(context, 'session')
  if (cookies.length > MAX_COOKIES) return undefined
  const sessions = await Promise.all(cookies.map((cookie) => findSession(cookie, context)))
  return sessions.filter((session) => session !== undefined)
}

function isFlooded(context: RequestContext): boolean {
  return readCookies(context, 'session').length > MAX_COOKIES
}

async function findSession(cookie: string, { server }: RequestContext): Promise<StoredSession | undefined> {
  const key = digestNow(cookie)
  const sid = sidIn(cookie)
  // A store may take a network request for each turn. What the cookie says is right for nearly all sessions.
  const [session, expected] = await Promise.all([
    server.stores.state.get<StoredSession>(`session:${key}`),
    sid === undefined ? undefined : readState(server, { key, sid }),
  ])
  if (!session || session.expiresAt <= server.now()) return undefined
  const isExpected = session.sid === sid && (session.clientsKey ?? key) === key
  const { hasEnded, clients } = (isExpected ? expected : undefined) ?? (await readState(server, session))
  // A sign-in that was in flight may have stored the session after it ended.
  return hasEnded ? undefined : { ...session, clients: [...new Set([...session.clients, ...clients])] }
}

type SessionKeys = Pick<StoredSession, 'key' | 'clientsKey' | 'sid'>

/** Returns what is stored beside a session. */
async function readState(
  server: ServerContext,
  keys: SessionKeys,
): Promise<{ readonly hasEnded: boolean; readonly clients: readonly string[] }> {
  const [hasEnded, clients] = await Promise.all([hasSessionEnded(server, keys.sid), addedClients(server, keys)])
  return { hasEnded, clients }
}

/** Returns the value of the cookie of a session: random text, and the `sid` that it starts with, which clients know too. */
async function createCookie({ issuer }: ServerContext, sid: string): Promise<string> {
  return `${await random.generate({ kind: 'other', issuer })}.${sid}`
}

/** Returns the `sid` that a cookie names, which proves nothing; undefined in cookies of earlier releases. */
function sidIn(cookie: string): string | undefined {
  return /\.([\w-]{1,64})$/.exec(cookie)?.[1]
}

/**
 * Starts a session under a new cookie: a cookie that an attacker planted before the sign-in becomes invalid (session fixation). If
 * the same user signs in again, the session keeps its `sid`; another user's session ends, and its clients are notified. The same holds
 * for sessions that started in this browser at the same time, and for all of them if it sends several cookies.
 */
export async function startSession(
  context: RequestContext,
  user: AuthenticatedUser,
  { former, site }: { readonly former: StoredSession | undefined; readonly site: string | undefined },
): Promise<StoredSession> {
  const { server } = context
  const formers = former ? [former] : ((await readSessions(context)) ?? [])
  const renewed = formers.find(({ userId }) => userId === user.userId)
  const sid = renewed?.sid ?? crypto.randomUUID()
  const cookie = await createCookie(server, sid)
  const own = { userId: user.userId, key: await digest(cookie), sid }
  const { started, earlier } = await recordSignIn(context, async (others) => {
    const shared = await findShared(server, { own, isRenewed: renewed !== undefined, others })
    return { ...own, sid: shared?.sid ?? own.sid, clientsKey: shared?.clientsKey ?? own.key }
  })
  if (renewed) await server.stores.state.delete(`session:${renewed.key}`)
  await endOthers(server, started.sid, [...formers, ...earlier])
  const session: StoredSession = {
    ...user,
    ...started,
    site,
    clients: renewed?.clients ?? [],
    authTime: user.authTime ?? Math.floor(server.now() / 1000),
    expiresAt: server.now() + server.sessionLifetime * 1000,
  }
  await server.stores.state.set(`session:${session.key}`, session, session.expiresAt)
  writeCookie(context, 'session', cookie, server.sessionLifetime)
  deleteCookiesOfOtherPorts(context)
  server.emit({ type: 'sign_in.succeeded', userId: user.userId })
  return session
}

interface Sharing {
  readonly own: Pick<StartedSession, 'userId' | 'sid'>
  readonly isRenewed: boolean
  readonly others: readonly StartedSession[]
}

/** Returns the session of the same user that this one continues. */
async function findShared(server: ServerContext, { own, isRenewed, others }: Sharing): Promise<StartedSession | undefined> {
  for (const other of others) {
    const isSame = isRenewed ? other.sid === own.sid : other.userId === own.userId
    if (isSame && !(await hasSessionEnded(server, other.sid))) return other
  }
  return undefined
}

/** Ends the sessions that this browser had beside the one that starts. */
async function endOthers(
  server: ServerContext,
  sid: string,
  sessions: readonly (StartedSession | StoredSession)[],
): Promise<void> {
  for (const other of sessions) {
    if (other.sid === sid || (await hasSessionEnded(server, other.sid))) continue
    await replaceSession(server, other)
  }
}

/**
 * Records that a client got tokens in this session, so that it can be notified when the session ends. Each client has its own place
 * beside the session: concurrent calls lose none, and a session that has ended is not written again.
 */
export async function addClient(server: ServerContext, session: StoredSession, clientId: string): Promise<void> {
  if (session.clients.includes(clientId)) return
  const others = await addedClients(server, session)
  if (others.includes(clientId)) return
  const isMine = await server.stores.state.add(placeOf(session, others.length), clientId, session.expiresAt)
  if (!isMine) await addClient(server, session, clientId)
}

/** Returns the clients that were added since the session started: all places up to the first that is free. */
async function addedClients({ stores }: ServerContext, session: SessionKeys): Promise<readonly string[]> {
  const clients: string[] = []
  for (;;) {
    // Two at once: most sessions have one client, and then a free place.
    const places = [clients.length, clients.length + 1].map((index) => placeOf(session, index))
    const [first, second] = await Promise.all(places.map((place) => stores.state.get<string>(place)))
    if (first !== undefined) clients.push(first)
    if (first === undefined || second === undefined) return clients
    clients.push(second)
  }
}

function placeOf({ key, clientsKey = key }: SessionKeys, index: number): string {
  return `session-client:${clientsKey}:${index}`
}

/** Ends the session, and revokes every token that is bound to it. */
export async function endSession(context: RequestContext, session: StoredSession): Promise<void> {
  writeCookie(context, 'session', '', 0)
  await closeSession(context.server, session)
  context.server.emit({ type: 'sign_out.succeeded', userId: session.userId })
}

/** The browser continues to another user's application, so only clients with a back channel can be notified. */
async function replaceSession(server: ServerContext, former: StartedSession | StoredSession): Promise<void> {
  const stored = 'clients' in former ? former : await withClients(server, former)
  await closeSession(server, former)
  if (stored) await server.notifySessionReplaced(stored)
  server.emit({ type: 'sign_out.succeeded', userId: former.userId })
}

async function withClients(server: ServerContext, { key }: StartedSession): Promise<StoredSession | undefined> {
  const stored = await server.stores.state.get<StoredSession>(`session:${key}`)
  return stored && { ...stored, clients: [...new Set([...stored.clients, ...(await addedClients(server, stored))])] }
}

async function closeSession(server: ServerContext, { key, sid }: Pick<StartedSession, 'key' | 'sid'>): Promise<void> {
  await markSessionEnded(server, sid)
  await server.stores.state.delete(`session:${key}`)
  await revokeFamily(server, sid)
}
