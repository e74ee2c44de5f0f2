import { refuseSimilarOptions, refuseUnknownOptions, type OAuthClient, type OptionNames } from '@latchkey/core'
import type { RequireSignInOptions } from './require-sign-in-loader.js'

/** The options that are not a router's. */
const OWN: OptionNames<Pick<RequireSignInOptions, 'returnTo' | 'loginOptions'>> = { returnTo: 'string', loginOptions: 'object' }
const OPTIONS: OptionNames<RequireSignInOptions> = { request: 'object', location: 'object', preload: 'boolean', ...OWN }

/**
 * The argument of a route loader has other members, too, which are the router's. Options that the app writes itself have none.
 *
 * @throws ConfigurationError configuration for an option that does not exist, and for an object that is no client
 */
export function checkRequireSignIn(client: unknown, options: unknown): void {
  const { getSnapshot = 0 } = (client ?? {}) as Partial<OAuthClient>
  refuseUnknownOptions('requireSignIn()', { client: client ?? 0, getSnapshot }, { client: 'object', getSnapshot: 'function' })
  const { request, location } = (options ?? {}) as RequireSignInOptions
  if (request === undefined && location === undefined) refuseUnknownOptions('requireSignIn()', options, OPTIONS)
  else refuseSimilarOptions('requireSignIn()', options, OWN)
}
