import { InteractionError, type LoginOptions, type OAuthClient, type SessionState } from '@latchkey/core'

/** Where the app goes on after the sign-in. What a loader of React Router or `beforeLoad` of TanStack Router is called with fits. */
export interface SignInTarget {
  /** React Router. */
  readonly request?: { readonly url: string }
  /** TanStack Router. */
  readonly location?: { readonly href: string }
  /** A path on this origin; default: that of `request` or `location`, else the present page. */
  readonly returnTo?: string
  readonly loginOptions?: LoginOptions
}

/**
 * For route loaders: lets only who is signed in come through. An expired token is refreshed first; where that cannot be done because
 * the server is out of reach, the session counts; where the session is over, or there is none, the browser leaves to sign in (the
 * promise is then pending until the page is gone). A sign-in that has failed is thrown, not repeated.
 *
 * @returns the user's claims
 * @throws OAuthClientError the failed sign-in; InteractionError interaction_required when the browser came back without an answer
 */
export async function requireSignIn<Claims>(client: OAuthClient<Claims>, target: SignInTarget = {}): Promise<Claims> {
  await client.start()
  const state = await refreshedState(client)
  if (state.status === 'signed-in') return state.claims
  if (state.error && state.error.code !== 'token_invalid') throw state.error
  await client.login({ ...withReturnTo(target), ...target.loginOptions })
  const answered = client.getSnapshot()
  if (answered.status === 'signed-in') return answered.claims
  throw new InteractionError('interaction_required', 'the sign-in was begun and not brought to an end', {
    hint: 'Show a button that calls login().',
  })
}

async function refreshedState<Claims>(client: OAuthClient<Claims>): Promise<SessionState<Claims>> {
  const state = client.getSnapshot()
  // A session of response type id_token has no access token to refresh.
  if (state.status !== 'signed-in' || !state.tokenSet.accessToken) return state
  // Whether the failure ended the session is said by the state.
  await client.getAccessToken().catch(() => undefined)
  return client.getSnapshot()
}

function withReturnTo({ returnTo, request, location }: SignInTarget): LoginOptions {
  const href = returnTo ?? request?.url ?? location?.href
  if (href === undefined) return {}
  if (returnTo !== undefined) return { returnTo }
  // Routers give a URL of this origin or a path; what counts is the path.
  const { pathname, search, hash } = new URL(href, 'https://this.invalid')
  return { returnTo: pathname + search + hash }
}
