import { isRecord } from '@latchkey/resource/internals'
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

/** More of a text would push the other members out of sight. */
const MAX_TEXT = 100
/** Text that cannot look like several members. */
const ONE_WORD = /^[\p{L}\p{M}\p{N}_.:/@+#%&=?~-]+$/u

/** `instructedAmount (currency EUR, amount 123.50), creditorName “Merchant A”` */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(nested).join(', ')
  if (typeof value !== 'object' || value === null) return asWord(String(value))
  return Object.entries(value)
    .map(([name, member]) => `${asWord(name)} ${nested(member)}`)
    .join(', ')
}

/** Names and texts are the client's: without quotes, one of them could show `amount 1.00 EUR` beside the real amount. */
function asWord(text: string): string {
  const letters = Array.from(text)
  const short = letters.length > MAX_TEXT ? `${letters.slice(0, MAX_TEXT).join('')}…` : text
  return ONE_WORD.test(short) ? short : `“${short.replaceAll(/[“”„"]/g, "'")}”`
}

function nested(value: unknown): string {
  return isRecord(value) ? `(${asText(value)})` : asText(value)
}
