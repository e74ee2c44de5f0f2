import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type ErrorDetails, OAuthClientError } from '../errors/errors.js'

/** A failure that can be sent between page and worker. Its `cause` stays where it is: nobody has looked through it for secrets. */
export type TransferableError =
  | {
      readonly kind: 'client'
      readonly code: ErrorCode
      readonly message: string
      readonly details: ErrorDetails
    }
  | { readonly kind: 'dom' | 'type' | 'other'; readonly name: string; readonly message: string }

export function toTransferableError(error: unknown): TransferableError {
  if (error instanceof OAuthClientError) {
    const { code, message, hint, spec, error: said, errorDescription, errorUri, status, retryable, retryAfterSeconds } = error
    const details = { error: said, errorDescription, errorUri, status, retryable, retryAfterSeconds }
    const ours = { ...(hint === undefined ? {} : { hint }), ...(spec === undefined ? {} : { spec }) }
    return { kind: 'client', code, message, details: { ...details, ...ours } }
  }
  if (error instanceof DOMException) return { kind: 'dom', name: error.name, message: error.message }
  if (error instanceof TypeError) return { kind: 'type', name: error.name, message: error.message }
  return { kind: 'other', name: 'Error', message: error instanceof Error ? error.message : 'something failed in the worker' }
}

export function fromTransferableError(error: TransferableError): Error {
  switch (error.kind) {
    case 'client':
      return createError(error.code, error.message, error.details)
    case 'dom':
      return new DOMException(error.message, error.name)
    case 'type':
      return new TypeError(error.message)
    case 'other':
      return new Error(error.message)
  }
}
