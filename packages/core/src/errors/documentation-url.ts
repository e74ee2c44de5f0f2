import type { ErrorCode } from './error-codes.js'

/** @returns the address of the documentation of an error code: what happened, where to look, what to do */
export function documentationUrl(code: ErrorCode): string {
  return `https://latchkey-auth.github.io/latchkey/reference/errors#${code}`
}
