import { isRecord } from '../platform/is-record.js'
import { check } from './check-claim.js'
import type { AcceptedParties } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'

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
 * Decides by the options whose ID token is accepted. The token is not verified yet.
 *
 * @param claims of the token; not an object if it cannot be parsed, which its check reports
 * @throws ValidationError invalid_id_token for an audience that is not trusted
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 */
export function acceptParties(options: ProtocolOptions, metadata: ServerMetadata, claims: unknown): AcceptedParties {
  if (!isRecord(claims)) return metadata
  const { iss, aud } = claims
  const isAccepted = typeof iss === 'string' && isAcceptedIssuer(options, iss, claims)
  return { issuer: isAccepted ? iss : metadata.issuer, hasTrustedAudiences: hasTrustedAudiences(options, aud) }
}

/** @throws ValidationError invalid_id_token for an audience that is not trusted */
function hasTrustedAudiences({ trustedAudiences, clientId }: ProtocolOptions, aud: unknown): boolean {
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
