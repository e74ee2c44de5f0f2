import { readBase64Json } from '../platform/base64.js'
import { isRecord } from '../platform/is-record.js'
import type { RequiredClaims } from './errors.js'

const MAX_LENGTH = 4096
const PLACES = ['access_token', 'id_token', 'userinfo'] as const

/**
 * Reads a claims challenge as servers send it: JSON as text, or as base64url.
 *
 * @returns undefined for anything else
 */
export function readRequiredClaims(claims: unknown): RequiredClaims | undefined {
  const value = typeof claims === 'string' && claims.length <= MAX_LENGTH ? parsed(claims) : claims
  if (!isRecord(value)) return undefined
  const places = PLACES.filter((place) => isRecord(value[place])).map((place) => [place, value[place]] as const)
  return places.length > 0 ? (Object.fromEntries(places) as RequiredClaims) : undefined
}

function parsed(text: string): unknown {
  try {
    return text.startsWith('{') ? JSON.parse(text) : readBase64Json(text)
  } catch {
    return undefined
  }
}
