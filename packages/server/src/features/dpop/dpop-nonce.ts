import { jwtVerify, SignJWT } from 'jose'
import type { ServerParts } from '../../options/server-parts.js'

/** Seconds that a nonce is taken. */
const LIFETIME = 300
const TYPE = 'latchkey-dpop-nonce+jwt'

/** @returns a nonce that any process with the same secret can check: nothing is stored. @see RFC 9449, section 8 */
export function createDpopNonce(server: ServerParts): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: TYPE })
    .setExpirationTime(Math.floor(server.now() / 1000) + LIFETIME)
    .sign(server.secret)
}

export async function isDpopNonce(nonce: string, server: ServerParts): Promise<boolean> {
  const options = { algorithms: ['HS256'], typ: TYPE, currentDate: new Date(server.now()) }
  return jwtVerify(nonce, server.secret, options).then(
    () => true,
    () => false,
  )
}
