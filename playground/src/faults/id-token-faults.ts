import { SignJWT, UnsecuredJWT, decodeJwt, generateKeyPair } from 'jose'
import { withParameter } from './altered-popup.js'
import { rewriting } from './alteration.js'
import type { Fault } from './fault.js'

const DAY_MS = 86_400_000

/** Faults that the validation of the ID token finds. @see OpenID Connect Core 1.0, section 3.1.3.7 */
export const idTokenFaults = [
  {
    id: 'nonce',
    label: 'Wrong nonce in the ID token',
    about: 'A replayed ID token: its nonce belongs to another request.',
    alteration: {
      role: 'authorization-request',
      note: 'The nonce was replaced, so the ID token will contain another one.',
      navigate: (url) => withParameter(url, 'nonce', 'another-request'),
    },
    expected: 'the nonce of this request',
    received: 'another-request',
    rule: 'OpenID Connect Core 1.0, section 3.1.3.7',
    withoutCheck: 'An attacker could sign the victim in with an ID token that was issued in another sign-in.',
  },
  {
    id: 'signature',
    label: 'ID token signed with a foreign key',
    about: 'The claims are unchanged, but the key is not one of the server’s.',
    alteration: {
      role: 'token-request',
      note: 'The ID token was signed again, with a key that is not the server’s.',
      respond: rewriting(async (body) => ({ ...body, id_token: await resigned(String(body['id_token'])) })),
    },
    expected: 'a signature by a key in the server’s JWKS',
    received: 'a signature by another key (“kid”: “forged”)',
    rule: 'OpenID Connect Core 1.0, section 3.1.3.7',
    withoutCheck: 'Anyone who can change the response could sign in as any user.',
  },
  {
    id: 'none',
    label: 'Unsigned ID token',
    about: 'The header says “alg”: “none”.',
    alteration: {
      role: 'token-request',
      note: 'The signature was removed, and the header says “alg”: “none”.',
      respond: rewriting((body) => ({ ...body, id_token: new UnsecuredJWT(decodeJwt(String(body['id_token']))).encode() })),
    },
    expected: '“alg” as configured for the client, by default “RS256”',
    received: '“alg”: “none”',
    rule: 'OpenID Connect Core 1.0, section 3.1.3.7',
    withoutCheck: 'Anyone could write an ID token, with any claims. Libraries that accepted “none” had exactly this hole.',
  },
  {
    id: 'hash',
    label: 'Replaced access token',
    about: 'It does not match at_hash in the ID token.',
    alteration: {
      role: 'token-request',
      note: 'The access token was replaced. at_hash in the ID token still belongs to the original.',
      respond: rewriting((body) => ({ ...body, access_token: 'another-token' })),
    },
    expected: 'the hash of the access token that was returned',
    received: 'the hash (at_hash) of another access token',
    rule: 'OpenID Connect Core 1.0, section 3.1.3.8',
    withoutCheck: 'The app would call its API with the access token of another user, and show or change their data.',
  },
  {
    id: 'expired',
    label: 'Expired ID token',
    about: 'The response is held back until tomorrow: the device and the servers agree that the ID token has expired.',
    alteration: {
      role: 'any',
      note: 'The Date header was replaced by one of tomorrow.',
      respond: async (request, send) => aDayLater(await send(request)),
    },
    options: () => ({ now: () => Date.now() + DAY_MS }),
    expected: '“exp” after the current time',
    received: '“exp” before the current time',
    rule: 'OpenID Connect Core 1.0, section 3.1.3.7',
    withoutCheck: 'A stolen ID token could be used without any limit in time.',
  },
] as const satisfies readonly Fault[]

/** @returns an ID token with the same claims, signed with a key that is not the server’s */
export async function resigned(idToken: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(decodeJwt(idToken)).setProtectedHeader({ alg: 'RS256', kid: 'forged' }).sign(privateKey)
}

/** If only the device showed tomorrow, the client would correct its clock by the Date header, and accept the token. */
function aDayLater({ body, status, headers }: Response): Response {
  const changed = new Headers(headers)
  changed.set('date', new Date(Date.now() + DAY_MS).toUTCString())
  return new Response(body, { status, headers: changed })
}
