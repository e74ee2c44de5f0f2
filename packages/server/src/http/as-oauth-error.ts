import { OAuthError } from './oauth-error.js'
import type { ServerParts } from '../options/server-parts.js'

/** @returns the error as it is, or `server_error` in place of a fault, which is told to the host and to nobody else */
export function asOAuthError(error: unknown, server: ServerParts): OAuthError {
  if (error instanceof OAuthError) return error
  server.hooks.onError?.(error)
  return new OAuthError('server_error', 'the authorization server met an unexpected condition', { cause: error })
}
