import { ERROR_CATALOG } from './catalog.js'
import { createError } from './create-error.js'
import type { OAuthClientError } from './errors.js'
import { issuerHint } from './issuer-hint.js'
import { readRequiredClaims } from './required-claims.js'
import { SERVER_ERROR_HINTS } from './server-error-hints.js'

/**
 * Adds the catalog's message, hint and section to an error whose throw site gave none. The server's own `error` decides the hint
 * where it is a registered one.
 */
export function describeError(error: OAuthClientError): void {
  if (error.claims !== undefined) Object.assign(error, { claims: readRequiredClaims(error.claims) })
  const { message, section, ...texts } = ERROR_CATALOG[error.code]
  const hint = error.hint ?? issuerHint(error.cause) ?? SERVER_ERROR_HINTS.get(error.error ?? '') ?? texts.hint
  const seen = error.message === error.code ? message : error.message
  replaceMessage(error, createError(error.code, seen, { hint }).message)
  Object.assign(error, { hint, spec: error.spec ?? section })
}

/** The stack was captured with the short message: engines print the stack, not the message. */
function replaceMessage(error: Error, message: string): void {
  const { stack, message: short } = error
  error.message = message
  if (stack !== undefined) error.stack = stack.replace(short, () => message)
}
