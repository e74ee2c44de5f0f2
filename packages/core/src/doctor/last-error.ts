import { reasonOf } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { FindingCode } from './finding-code.js'
import { createFinding, type Finding } from './finding.js'

/** @returns what the error of the last operation says, as a finding */
export function lastErrorFinding(error: OAuthClientError, issuer: string | undefined): Finding {
  return createFinding(codeOf(error), issuer, {
    severity: 'warning',
    seen: `The last operation of the client failed with "${error.code}": ${withoutHint(error)}`,
    expected: error.spec === undefined ? 'No error.' : `What ${error.spec} says.`,
    change: error.hint ?? 'See the message.',
  })
}

/** A refused ID token is not kept: the reason says which check refused it. */
function codeOf(error: OAuthClientError): FindingCode {
  const [name, detail] = reasonOf(error) ?? []
  if (name === 'unknownKey') return 'jwks_no_key'
  if (error.code === 'issuer_mismatch') return 'issuer_mismatch'
  if (error.code === 'storage') return 'storage_blocked'
  if (error.code === 'insecure_context') return 'insecure_context'
  if (error.code !== 'invalid_id_token') return 'last_error'
  const text = `${String(detail)} ${error.message}`
  if (/"(?:exp|iat|nbf)"/.test(text)) return 'clock_offset'
  return /\balg\b/i.test(text) ? 'algorithm_mismatch' : 'last_error'
}

function withoutHint({ message, hint }: OAuthClientError): string {
  return hint !== undefined && message.endsWith(hint) ? message.slice(0, -hint.length).trimEnd() : message
}
