import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from './protocol-context.js'

/**
 * The parts of a foreign error that are safe as `cause`: name, message and code. The causes of oauth4webapi contain whole response
 * bodies and tokens, and a JSON SyntaxError quotes the text.
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof SyntaxError)
    return new Error(error instanceof Error ? error.name : 'something that is not an Error was thrown')

  const reason = codeOf(error.cause)
  const cause = new Error(reason === undefined ? error.message : `${error.message} (${reason})`)
  cause.name = error.name
  return cause
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Runs a protocol operation; anything it throws becomes an error of this library, with its texts. */
export async function withClientErrors<Result>(
  { explain }: Pick<ProtocolContext, 'explain'>,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw await explain(toClientError(error))
  }
}

/** Converts anything thrown below (a hook of the app, oauth4webapi, WebCrypto) to an error of this library. */
export function toClientError(error: unknown): OAuthClientError {
  if (error instanceof OAuthClientError) return error
  const cause = safeCause(error)
  return codeOf(error)?.startsWith('OAUTH_')
    ? createError('invalid_response', ['brokenSpec', cause], { cause })
    : createError('configuration', ['notMade', cause], { cause })
}
