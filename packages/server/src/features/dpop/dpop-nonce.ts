import { jwtVerify, SignJWT } from 'jose'
import type { ServerContext } from '../../options/server-context.js'

type NonceServer = Pick<ServerContext, 'secret' | 'now'>

/** Lifetime of a nonce in seconds. */
const LIFETIME = 300
const TYPE = 'latchkey-dpop-nonce+jwt'

/** Creates a nonce that any process with the same secret can check: nothing is stored. @see RFC 9449, section 8 */
export function createDpopNonce(server: NonceServer): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: TYPE })
    .setExpirationTime(Math.floor(server.now() / 1000) + LIFETIME)
    .sign(server.secret)
}

/** Tells whether a nonce is this server's, and not expired. */
export async function isDpopNonce(nonce: string, server: NonceServer): Promise<boolean> {
  const options = { algorithms: ['HS256'], typ: TYPE, currentDate: new Date(server.now()) }
  return jwtVerify(nonce, server.secret, options).then(
    () => true,
    () => false,
  )
}
