import { sendLogoutNotices } from '../features/logout/logout-notices.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import { digest } from '../storage/digest.js'
import { revokeFamily } from '../token/revoke-family.js'
import { randomGenerator } from '../token/token-generator.js'
import { readCookie, writeCookie } from '../http/cookies.js'
import type { BrowserSession, SignedIn } from './site-adapter.js'

const random = randomGenerator()

/** A session as it is stored, under the digest of the cookie that names it. */
export interface StoredSession extends BrowserSession {
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** @returns the session that this browser's cookie names */
export async function readSession(exchange: Exchange): Promise<StoredSession | undefined> {
  const cookie = readCookie(exchange, 'session')
  if (cookie === undefined) return undefined
  const { server } = exchange
  const session = await server.stores.state.get<StoredSession>(`session:${await digest(cookie)}`)
  if (!session || session.expiresAt <= server.now()) return undefined
  return { ...session, clients: [...session.clients, ...(await addedClients(server, session))] }
}

/**
 * Begins a session under a new cookie: one that was planted before the sign-in is worth nothing (session fixation). A person
 * who signs in again goes on with the former `sid`; another person's session ends, and
 * its clients are told.
 */
export async function startSession(
  exchange: Exchange,
  user: SignedIn,
  former: StoredSession | undefined,
): Promise<StoredSession> {
  const { server } = exchange
  const isSamePerson = former !== undefined && former.userId === user.userId
  if (former && isSamePerson) await server.stores.state.delete(`session:${former.key}`)
  else if (former) await replaceSession(server, former)
  const cookie = await random.generate({ kind: 'other', issuer: server.issuer })
  const session: StoredSession = {
    ...user,
    key: await digest(cookie),
    sid: isSamePerson ? former.sid : crypto.randomUUID(),
    clients: isSamePerson ? former.clients : [],
    authTime: user.authTime ?? Math.floor(server.now() / 1000),
    expiresAt: server.now() + server.sessionLifetime * 1000,
  }
  await save(session, server)
  writeCookie(exchange, 'session', cookie, server.sessionLifetime)
  server.emit({ type: 'sign_in.succeeded', userId: user.userId })
  return session
}

/**
 * Remembers that a client got tokens in this session, so that it can be told when the session ends. Each client takes a place of
 * its own beside the session: however many come at once, none is lost, and a session that has ended is not written again.
 */
export async function addClient(server: ServerParts, session: StoredSession, clientId: string): Promise<void> {
  if (session.clients.includes(clientId)) return
  const others = await addedClients(server, session)
  if (others.includes(clientId)) return
  const isMine = await server.stores.state.add(placeOf(session, others.length), clientId, session.expiresAt)
  if (!isMine) await addClient(server, session, clientId)
}

/** @returns the clients that came since the session was begun: one place after the other, up to the first that is free */
async function addedClients({ stores }: ServerParts, session: StoredSession): Promise<readonly string[]> {
  const clients: string[] = []
  for (;;) {
    const clientId = await stores.state.get<string>(placeOf(session, clients.length))
    if (clientId === undefined) return clients
    clients.push(clientId)
  }
}

function placeOf({ key }: StoredSession, index: number): string {
  return `session-client:${key}:${index}`
}

/** Ends the session, and with it every token that is bound to it. */
export async function endSession(exchange: Exchange, session: StoredSession): Promise<void> {
  writeCookie(exchange, 'session', '', 0)
  await closeSession(exchange.server, session)
  exchange.server.emit({ type: 'sign_out.succeeded', userId: session.userId })
}

/** The browser goes on to another person's application: only the clients that can be told without it hear of this. */
async function replaceSession(server: ServerParts, former: StoredSession): Promise<void> {
  await closeSession(server, former)
  await sendLogoutNotices(server, former)
  server.emit({ type: 'sign_out.succeeded', userId: former.userId })
}

async function closeSession(server: ServerParts, session: StoredSession): Promise<void> {
  await server.stores.state.delete(`session:${session.key}`)
  await revokeFamily(server, session.sid)
}

async function save(session: StoredSession, server: ServerParts): Promise<void> {
  await server.stores.state.set(`session:${session.key}`, session, session.expiresAt)
}
