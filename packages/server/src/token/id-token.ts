import { base64url } from 'jose'
import type { ServerContext } from '../options/server-context.js'
import { nodeCrypto } from '../storage/node-crypto.js'
import { grantedClaims } from './granted-claims.js'
import type { Issue } from './issue.js'
import { signJwt } from './sign-jwt.js'

/** Lifetime of an ID token in seconds: clients verify it once, on arrival. */
const LIFETIME = 600

/** What is issued with the ID token, which contains its hashes. */
export interface HashedValues {
  readonly accessToken?: string | undefined
  readonly code?: string | undefined
  readonly state?: string | undefined
}

/** Creates a signed ID token. @see OpenID Connect Core 1.0, sections 2, 3.1.3.6 and 3.3.2.11 */
export async function signIdToken(issue: Issue, server: ServerContext, hashed: HashedValues): Promise<string> {
  const { client, userId = '', nonce, authTime, acr, amr, sid } = issue
  const signingKey = await server.keys.signingKey(client.idTokenSignedResponseAlg)
  const { alg } = signingKey
  const issuedAt = Math.floor(server.now() / 1000)
  const claimsScope = server.claimsInIdToken || hashed.accessToken === undefined ? issue.scope : ['openid']
  const query = { client, userId: issue.userId, scope: claimsScope, claims: issue.claims, destination: 'id_token' } as const
  const claims = await grantedClaims(server, query)
  const payload = {
    iss: server.issuer,
    sub: userId,
    aud: client.clientId,
    iat: issuedAt,
    exp: issuedAt + LIFETIME,
    nonce,
    auth_time: authTime,
    acr,
    amr,
    sid,
    at_hash: hashed.accessToken === undefined ? undefined : await leftHalfHash(hashed.accessToken, alg),
    c_hash: hashed.code === undefined ? undefined : await leftHalfHash(hashed.code, alg),
    // FAPI 1.0 Part 2, section 5.1.1: with a code, `state` is hashed too.
    s_hash: hashed.code === undefined || hashed.state === undefined ? undefined : await leftHalfHash(hashed.state, alg),
  }
  // A claim of the user never replaces one of the token. Each member behind a spread would take a microsecond.
  return signJwt(Object.assign({}, claims, payload), signingKey, 'JWT')
}

/** The left half of the hash of the signing algorithm; Ed25519 uses SHA-512. @see OpenID Connect Core 1.0, section 3.1.3.6 */
async function leftHalfHash(value: string, alg: string): Promise<string> {
  const name = alg === 'EdDSA' || alg === 'Ed25519' ? 'SHA-512' : `SHA-${alg.slice(2)}`
  const node = nodeCrypto()
  if (node) {
    const hash = node.createHash(name.replace('-', '').toLowerCase()).update(value, 'utf8').digest()
    return hash.toString('base64url', 0, hash.length / 2)
  }
  const hash = new Uint8Array(await crypto.subtle.digest(name, new TextEncoder().encode(value)))
  return base64url.encode(hash.subarray(0, hash.length / 2))
}
