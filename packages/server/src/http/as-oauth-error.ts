import type { ServerContext } from '../options/server-context.js'
import { OAuthError } from './oauth-error.js'

/** Returns an OAuthError as it is; replaces any other error by `server_error`, which only the host's `onError` explains. */
export function asOAuthError(error: unknown, server: Pick<ServerContext, 'hooks'>): OAuthError {
  if (error instanceof OAuthError) return error
  server.hooks.onError?.(error)
  return new OAuthError('server_error', 'the authorization server encountered an unexpected error', { cause: error })
}
