import { base64url, decodeJwt } from 'jose'
import type { AcceptedIdToken } from './accepted-id-token.js'
import type { IdTokenClaims } from './claims.js'
import { check } from './id-token.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerRecord } from './server-metadata.js'
import { readSignedResponse } from './signed-response.js'

// The options `acceptedIssuers` and `trustedAudiences`: loaded by the clients that have them.

/**
 * @param claims of the ID token whose `iss` this is; undefined for that of the metadata and of the authorization response
 * @returns whether the option `acceptedIssuers` accepts the issuer
 */
export function isAcceptedIssuer(
  { acceptedIssuers = [] }: Pick<ProtocolOptions, 'acceptedIssuers'>,
  issuer: string,
  claims?: Readonly<Record<string, unknown>>,
): boolean {
  if (typeof acceptedIssuers === 'function') {
    // An async function would accept everything.
    const isAccepted: unknown = acceptedIssuers(issuer, claims)
    return isAccepted === true
  }
  return [acceptedIssuers].flat().some((template) => matches(template, issuer, claims))
}

/** A placeholder stands for one segment of the path. In an ID token, that segment must be the claim of the same name. */
function matches(template: string, issuer: string, claims: Readonly<Record<string, unknown>> | undefined): boolean {
  const segments = issuer.split('/')
  const expected = template.split('/')
  const isMatch = (part: string, index: number): boolean => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    const segment = segments[index]
    if (name === undefined) return part === segment
    return segment !== '' && (!claims || claims[name] === segment)
  }
  return expected.length === segments.length && expected.every(isMatch)
}

/**
 * Checks the issuer and the audiences of an ID token by the options. Its other claims and, unless `isVerified`, its signature are left
 * to the caller.
 *
 * @throws ValidationError invalid_id_token
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 */
export async function acceptParties(
  context: ProtocolContext,
  server: ServerRecord,
  idToken: string,
  algorithm: string,
): Promise<AcceptedIdToken> {
  const { options } = context
  const claims = decodeJwt(idToken) as unknown as IdTokenClaims
  const isAccepted = typeof claims.iss === 'string' && isAcceptedIssuer(options, claims.iss, claims)
  const issuer = isAccepted ? claims.iss : server.metadata.issuer
  const metadata = { ...server.metadata, issuer }
  if (!hasForeignAudiences(options, claims)) return { idToken, metadata, claims, isVerified: false }
  await readSignedResponse(context, server, idToken, {
    name: 'ID token',
    code: 'invalid_id_token',
    spec: 'OpenID Connect Core 1.0, section 3.1.3.7',
    algorithm,
    requiredClaims: ['iss', 'aud', 'exp', 'iat'],
    issuer,
  })
  const [header, , signature] = idToken.split('.')
  // oauth4webapi requires "azp" for several audiences; those are checked here.
  const single = base64url.encode(JSON.stringify({ ...claims, aud: options.clientId }))
  return { idToken: `${header}.${single}.${signature}`, metadata, claims, isVerified: true }
}

/** @throws ValidationError invalid_id_token for an audience that is not trusted */
function hasForeignAudiences({ trustedAudiences, clientId }: ProtocolOptions, { aud }: IdTokenClaims): boolean {
  if (!trustedAudiences || !Array.isArray(aud) || aud.length < 2) return false
  const all: readonly unknown[] = aud
  check(all.includes(clientId), 'aud', 'does not contain this client')
  check(
    all.every((one) => one === clientId || (typeof one === 'string' && trustedAudiences.includes(one))),
    'aud',
    'contains an audience that is not in "trustedAudiences"',
  )
  return true
}
