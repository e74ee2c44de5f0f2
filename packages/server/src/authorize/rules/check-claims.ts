import { isRecord } from '@latchkey/resource/internals'
import { OAuthError } from '../../http/oauth-error.js'
import { parseJson } from '../../http/parse-json.js'
import { isPlainText } from '../../http/plain-text.js'
import type { ServerContext } from '../../options/server-context.js'
import { claimNames, filterClaims, mayRequestClaim } from '../../token/individual-claims.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** Characters of a claim's name, which the consent page shows. */
const MAX_LENGTH = 100
/** Claims that one request may name: a user has to read them. */
const MAX_COUNT = 100

/** Adds the parsed `claims` parameter, as far as the client may request it. @see OpenID Connect Core 1.0, section 5.5 */
export function checkClaims({ params, client }: AuthorizationRequest, server: ServerContext): Findings {
  const text = params.get('claims')
  if (text === undefined) return
  const claims = parse(text)
  for (const member of [claims['id_token'], claims['userinfo']])
    if (member !== undefined && member !== null && !isRecord(member)) throw malformed()

  checkNames([...claimNames(claims, 'id_token'), ...claimNames(claims, 'userinfo')])
  const allowed = filterClaims(claims, (name) => mayRequestClaim(name, client, server))
  return { claims: allowed, essentialAcr: essentialAcr(claims['id_token']) }
}

function checkNames(names: readonly string[]): void {
  if (names.length <= MAX_COUNT && names.every((name) => isPlainText(name, MAX_LENGTH))) return
  throw new OAuthError(
    'invalid_request',
    `"claims" must name at most ${MAX_COUNT} claims, each in at most ${MAX_LENGTH} characters that can be shown`,
  )
}

/** The values of an essential `acr`. @see OpenID Connect Core 1.0, section 5.5.1.1 */
function essentialAcr(idToken: unknown): readonly string[] {
  const acr = isRecord(idToken) ? idToken['acr'] : undefined
  return isRecord(acr) && acr['essential'] === true ? requestedValues(acr) : []
}

/** Returns the subjects that the request limits the ID token to; empty if it does not. @see OpenID Connect Core 1.0, section 3.1.2.2 */
export function requestedSubjects(claims: AuthorizationRequest['claims']): readonly string[] {
  const idToken = claims?.['id_token']
  const sub = isRecord(idToken) ? idToken['sub'] : undefined
  return isRecord(sub) ? requestedValues(sub) : []
}

/** The requested `value` or `values` of a claim. @see OpenID Connect Core 1.0, section 5.5.1 */
function requestedValues(claim: Readonly<Record<string, unknown>>): readonly string[] {
  const values: unknown = claim['values'] ?? [claim['value']]
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = parseJson(text)
    if (isRecord(value)) return value
  } catch (cause) {
    throw malformed(cause)
  }
  throw malformed()
}

function malformed(cause?: unknown): OAuthError {
  return new OAuthError('invalid_request', '"claims" must be a JSON object with the members "id_token" and "userinfo"', { cause })
}
