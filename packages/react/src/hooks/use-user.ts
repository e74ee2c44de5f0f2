'use client'
import { ConfigurationError } from '@latchkey/core'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClaimsFor, ClientName } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

/**
 * Returns the claims of the signed-in user, never undefined: for components inside `<RequireSignIn>` or `<SignedIn>`. The component
 * renders when the claims change.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError if no user is signed in, outside `<OAuthProvider>`, and for an unknown client
 * @example
 * <RequireSignIn><Profile /></RequireSignIn> // in Profile: const { name } = useUser()
 */
export function useUser<Claims = never, Name extends ClientName = ClientName>(name?: Name): ClaimsFor<Claims, Name> {
  type User = ClaimsFor<Claims, Name>
  const client = useClient<User>(name)
  const claims = useSessionState(client, (state) => state.claims, isSameUser)
  if (claims !== undefined) return claims
  throw new ConfigurationError('configuration', 'useUser() is used while no user is signed in.', {
    hint: IS_DEVELOPMENT ? 'Put the component into <RequireSignIn> or <SignedIn>, or use useOAuth().' : undefined,
  })
}

/** A sign-out does not render the component: the guard above removes it. */
function isSameUser<Claims>(rendered: Claims | undefined, next: Claims | undefined): boolean {
  return next === undefined || rendered === next
}
