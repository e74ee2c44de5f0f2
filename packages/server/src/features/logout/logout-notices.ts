import { parseUrl } from '../../http/parse-url.js'
import { SignJWT } from 'jose'
import { ReportedError } from '../../http/reported-error.js'
import type { ServerContext } from '../../options/server-context.js'
import type { BrowserSession } from '../../site/site-adapter.js'
import type { ClientRecord } from '../../storage/client-record.js'

/** A client that was not notified: the sign-out has succeeded all the same. */
class LogoutNoticeError extends ReportedError {
  constructor(clientId: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : 'unknown error'
    super(`The client "${clientId}" could not be notified of a sign-out at its backchannelLogoutUri: ${reason}`, { cause })
  }
}

/** Milliseconds that the user's page waits for the clients. Those that respond later do so in the background. */
const GRACE_MS = 250

/**
 * Notifies every client of a session, server to server, that the session has ended. Returns the clients. Notices that take longer go on in
 * the background, each for as long as any request of this server may take.
 *
 * @see OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.5
 */
export async function sendLogoutNotices(server: ServerContext, session: BrowserSession): Promise<readonly ClientRecord[]> {
  const found = await Promise.all(session.clients.map((clientId) => server.clients.findClient(clientId)))
  const clients = found.filter((client) => client !== undefined)
  const notices = Promise.all(clients.map((client) => sendNotice(server, session, client))).then(() => undefined)
  server.hooks.waitUntil?.(notices)
  await Promise.race([notices, grace(notices)])
  return clients
}

function grace(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GRACE_MS)
    void work.then(() => clearTimeout(timer))
  })
}

async function sendNotice(server: ServerContext, session: BrowserSession, client: ClientRecord): Promise<void> {
  if (client.backchannelLogoutUri === undefined) return
  try {
    const response = await server.fetch(client.backchannelLogoutUri, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: await createLogoutToken(server, session, client) }),
    })
    await response.body?.cancel()
    if (!response.ok) throw new TypeError(`the client responded with ${response.status}`)
  } catch (error) {
    server.hooks.onError?.(new LogoutNoticeError(client.clientId, error))
    server.emit({ type: 'logout_notice.failed', clientId: client.clientId, userId: session.userId })
  }
}

async function createLogoutToken(server: ServerContext, { userId, sid }: BrowserSession, client: ClientRecord): Promise<string> {
  const { key, kid, alg } = await server.keys.signingKey(client.idTokenSignedResponseAlg)
  const issuedAt = Math.floor(server.now() / 1000)
  // No nonce: that distinguishes a logout token from an ID token (section 2.4).
  return new SignJWT({ sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
    .setProtectedHeader({ alg, kid, typ: 'logout+jwt' })
    .setIssuer(server.issuer)
    .setSubject(userId)
    .setAudience(client.clientId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 120)
    .setJti(crypto.randomUUID())
    .sign(key)
}

/** Returns the URLs that the signed-out page loads in frames. @see OpenID Connect Front-Channel Logout 1.0, section 2 */
export function frontChannelUris(
  { issuer }: Pick<ServerContext, 'issuer'>,
  { sid }: BrowserSession,
  clients: readonly ClientRecord[],
): readonly string[] {
  return clients.flatMap(({ frontchannelLogoutUri }) => {
    // That of a stored client may be any text, and a frame with a script of it would be one of this server.
    const uri = frontchannelLogoutUri === undefined ? undefined : parseUrl(frontchannelLogoutUri)
    if (!uri || !/^https?:$/.test(uri.protocol)) return []
    uri.searchParams.set('iss', issuer)
    uri.searchParams.set('sid', sid)
    return [uri.href]
  })
}
