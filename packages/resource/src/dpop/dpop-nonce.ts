import { jwtVerify, SignJWT } from 'jose'

/** What nonces are made with. */
export interface NonceMaker {
  /** At least 32 random bytes, the same in every process of the API. */
  readonly secret: Uint8Array
  /** Returns the time in milliseconds since the epoch. */
  readonly now: () => number
}

/** Lifetime of a nonce in seconds. */
const LIFETIME = 300
const TYPE = 'latchkey-dpop-nonce+jwt'

/** Creates a nonce that any process with the same secret can check: nothing is stored. @see RFC 9449, section 8 */
export function createDpopNonce({ secret, now }: NonceMaker): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: TYPE })
    .setExpirationTime(Math.floor(now() / 1000) + LIFETIME)
    .sign(secret)
}

/** Tells whether a nonce is of this secret, and not expired. */
export async function isDpopNonce(nonce: string, { secret, now }: NonceMaker): Promise<boolean> {
  const options = { algorithms: ['HS256'], typ: TYPE, currentDate: new Date(now()) }
  return jwtVerify(nonce, secret, options).then(
    () => true,
    () => false,
  )
}
