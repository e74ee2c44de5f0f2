import { OAuthClientError } from '../errors/errors.js'
import type { SignInContext } from './complete.js'
import { isSilentSignInBlocked } from './block-silent-sign-in.js'

/** A silent sign-in that ends in `login_required` is not an error: the user never requested it. */
export function ignoreLoginRequired({ config, session }: SignInContext, cause: unknown): undefined {
  const isInteractionRequired = cause instanceof OAuthClientError && cause.code === 'interaction_required'
  if (!isInteractionRequired || !isSilentSignInBlocked(config.tab, 'redirect', false)) throw cause
  session.dispatch({ type: 'login_abandoned' })
  return undefined
}
