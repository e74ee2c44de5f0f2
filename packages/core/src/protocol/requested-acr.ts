import { createError } from '../errors/create-error.js'
import { isRecord } from '../platform/is-record.js'
import type { JsonObject } from './endpoint-request.js'

/** `acr_values` is voluntary; `acr` in the `claims` parameter can be essential. @see OpenID Connect Core 1.0, section 5.5.1.1 */
export function expectedAcr(query: URLSearchParams): {
  readonly acrValues?: string | undefined
  readonly acrEssential?: boolean
} {
  const acr = requestedAcr(query.get('claims'))
  if (acr?.['essential'] === true) {
    const values: readonly unknown[] = Array.isArray(acr['values']) ? acr['values'] : [acr['value']]
    return { acrValues: values.filter((value) => typeof value === 'string').join(' '), acrEssential: true }
  }
  return { acrValues: query.get('acr_values') ?? undefined }
}

/** @returns the request for `acr` in the ID token, from the `claims` parameter */
function requestedAcr(claims: string | null): JsonObject | undefined {
  const request: unknown = parseClaims(claims ?? '{}')
  const idToken = isRecord(request) ? request['id_token'] : undefined
  const acr = isRecord(idToken) ? idToken['acr'] : undefined
  return isRecord(acr) ? acr : undefined
}

function parseClaims(claims: string): unknown {
  try {
    return JSON.parse(claims)
  } catch {
    throw createError('configuration', ['claimsNotJson'])
  }
}
