import { createError } from '../errors/create-error.js'
import type { ComparedIssuers } from '../errors/issuer-hint.js'
import { isAcceptedIssuer } from './foreign-parties.js'
import type { ProtocolContext } from './protocol-context.js'

/** Whether the option `acceptedIssuers` accepts the issuer of a document or of an authorization response. */
export function acceptsIssuer({ options }: Pick<ProtocolContext, 'options'>, issuer: string): boolean {
  return options.acceptedIssuers !== undefined && isAcceptedIssuer(options, issuer)
}

/** @throws ValidationError issuer_mismatch unless the issuer of the metadata is accepted */
export function acceptIssuer(context: Pick<ProtocolContext, 'options'>, received: string, expected: string): void {
  if (acceptsIssuer(context, received)) return
  throw createError('issuer_mismatch', ['otherIssuer', received, expected], {
    cause: { received, expected, place: 'metadata' } satisfies ComparedIssuers,
  })
}
