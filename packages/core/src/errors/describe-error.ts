import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { CODE_TEXTS } from './code-texts.js'
import { createError, reasonOf } from './create-error.js'
import { documentationUrl } from './documentation-url.js'
import { OAuthClientError } from './errors.js'
import { issuerHint } from './issuer-hint.js'
import { textsOf } from './reason-texts.js'
import type { ReasonTexts } from './reasons.js'
import { readRequiredClaims } from './required-claims.js'
import { SERVER_ERROR_HINTS } from './server-error-hints.js'

/**
 * Adds message, hint and section to an error whose throw site gave none: those of its reason, else those of its code. The server's own
 * `error` decides the hint where it is a registered one.
 */
export function describeError(error: OAuthClientError): void {
  if (error.claims !== undefined) Object.assign(error, { claims: readRequiredClaims(error.claims) })
  const reason = reasonOf(error)
  // Its message is part of this one.
  reason?.filter((fact) => fact instanceof OAuthClientError).forEach(describeError)
  const general = CODE_TEXTS[error.code]
  const own: ReasonTexts = reason ? textsOf(reason) : {}
  const hint = error.hint ?? own.hint ?? issuerHint(error.cause) ?? SERVER_ERROR_HINTS.get(error.error ?? '') ?? general.hint
  const spec = error.spec ?? own.spec ?? general.section
  replaceMessage(error, createError(error.code, own.message ?? messageOf(error), { hint }).message)
  Object.assign(error, { hint, spec })
}

/** Consoles print the stack, and make the address a link. */
function addDocumentation(error: OAuthClientError): void {
  const url = documentationUrl(error.code)
  if (error.stack !== undefined && !error.stack.includes(url)) error.stack += `\n    documented at ${url}`
}

function messageOf({ message, code }: OAuthClientError): string {
  return message === code ? CODE_TEXTS[code].message : message
}

/** The stack was captured with the short message: engines print the stack, not the message. */
function replaceMessage(error: OAuthClientError, message: string): void {
  const { stack, message: short } = error
  error.message = message
  if (stack !== undefined) error.stack = stack.replace(short, () => message)
  if (IS_DEVELOPMENT) addDocumentation(error)
}
