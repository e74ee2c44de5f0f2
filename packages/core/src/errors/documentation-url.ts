import type { ErrorCode } from './error-codes.js'

const REFERENCE = 'https://latchkey-auth.github.io/latchkey/reference'

/** @returns the address of the documentation of an error code: what happened, where to look, what to do */
export function documentationUrl(code: ErrorCode): string {
  return `${REFERENCE}/errors#${code}`
}

/** @returns the address of the documentation of a code of the doctor, with the setting at known providers */
export function findingUrl(code: string): string {
  return `${REFERENCE}/doctor#${code}`
}
