import { isRecord } from '../../http/is-record.js'
import type { AuthorizationDetails } from '../../storage/authorization-details.js'
import type { AuthorizationDetailsType } from './authorization-details.js'

/** Returns one sentence per object for the user, as plain text that is not escaped. */
export function describeDetails(
  details: readonly AuthorizationDetails[],
  types: Readonly<Record<string, AuthorizationDetailsType>>,
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
  return isRecord(value) ? `(${asText(value)})` : asText(value)
}
