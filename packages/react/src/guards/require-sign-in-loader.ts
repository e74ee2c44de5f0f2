import { InteractionError, type LoginOptions, type OAuthClient, type SessionState } from '@latchkey/core'

/**
 * Configures `requireSignIn`. Accepts the argument of a React Router loader and of TanStack Router's `beforeLoad`, to return to the
 * route that is being loaded.
 */
export interface RequireSignInOptions {
  /** Of a React Router loader. */
  readonly request?: { readonly url: string }
  /** Of TanStack Router's `beforeLoad`. */
  readonly location?: { readonly href: string }
  /** A path on this origin. Default: the path of `request` or `location`, else the current page. */
  readonly returnTo?: string | undefined
  /** Options for the authorization request. */
  readonly loginOptions?: LoginOptions | undefined
}

/**
 * Guards a route loader: resolves when a user is signed in, otherwise redirects to sign in (the promise then stays pending until the
 * browser has left the page). An expired token is refreshed first; if the server is unreachable, the session is treated as valid. A
 * failed sign-in is thrown, not repeated.
 *
 * @returns the user's claims
 * @throws OAuthClientError the error of a sign-in that failed; InteractionError `interaction_required` if the sign-in was abandoned
 */
export async function requireSignIn<Claims>(client: OAuthClient<Claims>, options: RequireSignInOptions = {}): Promise<Claims> {
  await client.start()
  const state = await refreshedState(client)
  if (state.status === 'signed-in') return state.claims
  if (state.error && state.error.code !== 'token_invalid') throw state.error
  await client.login({ ...returnToOf(options), ...options.loginOptions })
  const next = client.getSnapshot()
  if (next.status === 'signed-in') return next.claims
  throw new InteractionError('interaction_required', 'the sign-in was started but not completed', {
    hint: 'Show a button that calls login().',
  })
}

async function refreshedState<Claims>(client: OAuthClient<Claims>): Promise<SessionState<Claims>> {
  const state = client.getSnapshot()
  // A session of response type id_token has no access token to refresh.
  if (state.status !== 'signed-in' || !state.tokenSet.accessToken) return state
  // The state tells whether the failure ended the session.
  await client.getAccessToken().catch(() => undefined)
  return client.getSnapshot()
}

function returnToOf({ returnTo, request, location }: RequireSignInOptions): LoginOptions {
  if (returnTo !== undefined) return { returnTo }
  const href = request?.url ?? location?.href
  if (href === undefined || !URL.canParse(href, 'https://origin.invalid')) return {}
  // Routers give a URL of this origin or a path; only the path is used.
  const { pathname, search, hash } = new URL(href, 'https://origin.invalid')
  return { returnTo: pathname + search + hash }
}
