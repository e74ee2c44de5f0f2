import { decodeJwt } from 'jose'
import { ResourceError } from '../http/resource-error.js'
import type { Issuer } from '../issuers/create-issuer.js'
import type { CheckedToken } from '../issuers/token-claims.js'
import { invalid, wrongIssuer } from '../issuers/verify-jwt.js'

/** Three parts in base64url: the compact form of a signed JWT. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Has a token checked by the issuer that it names, or, if it is opaque, introspected by the issuers in order. */
export async function checkByIssuer(token: string, issuers: readonly Issuer[]): Promise<CheckedToken> {
  if (!JWT.test(token)) return introspectByEach(token, issuers)
  const issuer = issuerOf(token, issuers)
  if (!issuer?.introspectsAll || !issuer.introspect) return (issuer ?? unknownIssuer(token, issuers)).verifyJwt(token)
  return (await issuer.introspect(token)) ?? inactive()
}

/** The claim is not verified here: it only chooses which issuer verifies the token. */
function issuerOf(token: string, issuers: readonly Issuer[]): Issuer | undefined {
  const [only] = issuers
  if (issuers.length === 1) return only
  const claimed = claimedIssuer(token)
  return issuers.find(({ issuer }) => issuer === claimed)
}

function claimedIssuer(token: string): unknown {
  try {
    return decodeJwt(token).iss
  } catch (cause) {
    throw invalid('it is no signed JWT', undefined, cause)
  }
}

function unknownIssuer(token: string, issuers: readonly Issuer[]): never {
  throw wrongIssuer(
    claimedIssuer(token),
    issuers.map(({ issuer }) => issuer),
  )
}

async function introspectByEach(token: string, issuers: readonly Issuer[]): Promise<CheckedToken> {
  const introspecting = issuers.filter(({ introspect }) => introspect)
  if (introspecting.length === 0)
    throw invalid('it is no signed JWT', 'For opaque tokens, set "introspection" of the issuer (RFC 7662).')
  let failure: unknown
  for (const { introspect } of introspecting) {
    try {
      const checked = await introspect?.(token)
      if (checked) return checked
    } catch (error) {
      // One issuer that is out of reach must not refuse the tokens of the others.
      if (!(error instanceof ResourceError) || error.code !== 'temporarily_unavailable') throw error
      failure = error
    }
  }
  if (failure !== undefined) throw failure
  return inactive()
}

function inactive(): never {
  throw invalid('it is unknown, expired or revoked')
}
