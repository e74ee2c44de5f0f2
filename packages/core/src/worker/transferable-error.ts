import {
  ConfigurationError,
  type ErrorCode,
  type ErrorDetails,
  InteractionError,
  NetworkError,
  OAuthClientError,
  ServerError,
  SessionError,
  ValidationError,
} from '../errors/errors.js'

type ClassName = `${'Configuration' | 'Network' | 'Server' | 'Validation' | 'Interaction' | 'Session'}Error`

const CLASSES: Readonly<Record<ClassName, typeof OAuthClientError>> = {
  ConfigurationError,
  NetworkError,
  ServerError,
  ValidationError,
  InteractionError,
  SessionError,
}

/** A failure that can be sent between page and worker. Its `cause` stays where it is: nobody has looked through it for secrets. */
export type TransferableError =
  | {
      readonly kind: 'client'
      /** Told by name, not by the class's own: a minifier changes that. */
      readonly className: ClassName | undefined
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
    const className = (Object.keys(CLASSES) as ClassName[]).find((name) => error instanceof CLASSES[name])
    return { kind: 'client', className, code, message, details: { ...details, ...ours } }
  }
  if (error instanceof DOMException) return { kind: 'dom', name: error.name, message: error.message }
  if (error instanceof TypeError) return { kind: 'type', name: error.name, message: error.message }
  return { kind: 'other', name: 'Error', message: error instanceof Error ? error.message : 'something failed in the worker' }
}

export function fromTransferableError(error: TransferableError): Error {
  switch (error.kind) {
    case 'client':
      return new (error.className ? CLASSES[error.className] : OAuthClientError)(error.code, error.message, error.details)
    case 'dom':
      return new DOMException(error.message, error.name)
    case 'type':
      return new TypeError(error.message)
    case 'other':
      return new Error(error.message)
  }
}
