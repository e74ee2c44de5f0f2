import { createError } from '../errors/create-error.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { AccessToken } from './token-set.js'

/** Checks a type that is not a plain Bearer. @throws ValidationError unsupported_token_type */
export function checkTokenType(context: ProtocolContext, tokenType: string, others: readonly string[]): void {
  const type = tokenType.toLowerCase()
  const { options, logger } = context
  if (others.includes(type) || (options.dpop && isDPoPToken({ tokenType }))) return
  if (type !== 'bearer') throw createError('unsupported_token_type', ['tokenType', tokenType])

  checkBinding(options, { tokenType })
  if (!options.dpop || warned.has(options)) return
  warned.add(options)
  logger.warn(
    'the option "dpop" is set, but the server issued a Bearer token, which can be used by anyone who gets it: turn DPoP on at the server, or refuse such tokens with dpop: "required" (RFC 9449, section 5)',
  )
}

const warned = new WeakSet<object>()

/**
 * Refuses a token that is not bound to the DPoP key, if the client requires a binding.
 *
 * @throws ValidationError unsupported_token_type
 */
export function checkBinding({ dpop }: Pick<ProtocolOptions, 'dpop'>, token: Pick<AccessToken, 'tokenType'>): void {
  // Any text, so that a misspelled 'required' does not turn the check off.
  const isRequired = typeof dpop === 'string' || (typeof dpop === 'object' && dpop.required)
  if (!isRequired || isDPoPToken(token)) return
  throw createError('unsupported_token_type', ['notBound', token.tokenType])
}

/** Whether a token is bound to a key and unusable without a proof. @see RFC 9449, section 5 */
export function isDPoPToken({ tokenType }: Pick<AccessToken, 'tokenType'>): boolean {
  return tokenType.toLowerCase() === 'dpop'
}
