import type { ServerParts } from '../../options/server-parts.js'
import type { AuthorizationDetails } from './authorization-details.js'

/** @returns what each object means to a person, as plain text that has not been escaped */
export function describeDetails(
  details: readonly AuthorizationDetails[],
  { authorizationDetailsTypes: types }: Pick<ServerParts, 'authorizationDetailsTypes'>,
): readonly string[] {
  return details.map((one) => (types[one.type]?.describe ?? listMembers)(one))
}

function listMembers({ type, ...members }: AuthorizationDetails): string {
  const text = asText(members)
  return text === '' ? type : `${type}: ${text}`
}

/** `instructedAmount (currency EUR, amount 123.50), actions initiate` */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(nested).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, member]) => `${name} ${nested(member)}`)
    .join(', ')
}

function nested(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? `(${asText(value)})` : asText(value)
}
