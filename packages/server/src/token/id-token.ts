import { base64url, SignJWT } from 'jose'
import type { ServerParts } from '../options/server-parts.js'
import { grantedClaims } from './granted-claims.js'
import type { Issue } from './issue-tokens.js'

/** Seconds that an ID token is valid: it is read once, on arrival. */
const LIFETIME = 600

/** What is issued beside the ID token, and hashed into it. */
export interface Companions {
  readonly accessToken?: string
  readonly code?: string
  readonly state?: string | undefined
}

/** @returns a signed ID token. @see OpenID Connect Core 1.0, sections 2, 3.1.3.6 and 3.3.2.11 */
export async function signIdToken(issue: Issue, server: ServerParts, companions: Companions): Promise<string> {
  const { client, userId = '', nonce, authTime, acr, amr, sid } = issue
  const { key, kid, alg } = await server.keys.signingKey(client.idTokenSignedResponseAlg)
  const issuedAt = Math.floor(server.now() / 1000)
  const about = server.claimsInIdToken || companions.accessToken === undefined ? issue.scope : ['openid']
  const claims = await grantedClaims(server, { ...issue, scope: about, destination: 'id_token' })
  const payload = {
    ...claims,
    nonce,
    auth_time: authTime,
    acr,
    amr,
    sid,
    at_hash: companions.accessToken === undefined ? undefined : await leftHalfHash(companions.accessToken, alg),
    c_hash: companions.code === undefined ? undefined : await leftHalfHash(companions.code, alg),
    // FAPI 1.0 Part 2, section 5.1.1: beside a code the state is hashed too.
    s_hash:
      companions.code === undefined || companions.state === undefined ? undefined : await leftHalfHash(companions.state, alg),
  }
  return new SignJWT(payload)
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setIssuer(server.issuer)
    .setSubject(userId)
    .setAudience(client.clientId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME)
    .sign(key)
}

/** The left half of the hash that the algorithm signs with; Ed25519 has SHA-512 in it. @see OpenID Connect Core 1.0, section 3.1.3.6 */
async function leftHalfHash(value: string, alg: string): Promise<string> {
  const name = alg === 'EdDSA' || alg === 'Ed25519' ? 'SHA-512' : `SHA-${alg.slice(2)}`
  const hash = new Uint8Array(await crypto.subtle.digest(name, new TextEncoder().encode(value)))
  return base64url.encode(hash.subarray(0, hash.length / 2))
}
