import {
  InteractionError,
  refuseSimilarOptions,
  refuseUnknownOptions,
  type LoginOptions,
  type OAuthClient,
  type OAuthClientError,
  type OptionNames,
  type SessionState,
} from '@latchkey/core'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { isClient, refuseArguments } from '../provider/refuse-arguments.js'

/**
 * Configures `requireSignIn`. Accepts the argument of a React Router loader and of TanStack Router's `beforeLoad`, to return to the
 * route that is being loaded, and to tell one navigation from the next.
 */
export interface RequireSignInOptions {
  /** Of a React Router loader. Its URL has no fragment: that of the page is added if the URL is the page's. */
  readonly request?: { readonly url: string } | undefined
  /** Of TanStack Router's `beforeLoad`. */
  readonly location?: { readonly href: string } | undefined
  /** Of TanStack Router's `beforeLoad`: true if the route is only loaded ahead. No sign-in is started then. */
  readonly preload?: boolean | undefined
  /** A path on this origin. Default: the path of `request` or `location`, else the current page. */
  readonly returnTo?: string | undefined
  /** Options for the authorization request. */
  readonly loginOptions?: LoginOptions | undefined
}

/** The options that are not a router's. */
const OWN: OptionNames<Pick<RequireSignInOptions, 'returnTo' | 'loginOptions'>> = { returnTo: 'string', loginOptions: 'object' }
const OPTIONS: OptionNames<RequireSignInOptions> = { request: 'object', location: 'object', preload: 'boolean', ...OWN }

type GuardedClient = Pick<OAuthClient<unknown>, 'login' | 'getSnapshot' | 'subscribe'>

/** The failures that were thrown, with the navigations and paths that they were thrown for. */
const THROWN = new WeakMap<OAuthClientError, Set<unknown>>()
/** Sign-ins in progress, by the navigation that started them: the loaders of nested routes share one. */
const SIGN_INS = new WeakMap<object, Promise<unknown>>()

/**
 * Guards a route loader: resolves when a user is signed in, otherwise redirects to sign in (the promise then stays pending until the
 * browser has left the page), after a sign-out that is in progress. An expired token is refreshed first; if the server is unreachable,
 * the session is treated as valid. A failed sign-in is thrown, not repeated, until the user navigates to a guarded route again.
 *
 * @returns the user's claims
 * @throws OAuthClientError the error of a sign-in that failed; InteractionError `interaction_required` if the sign-in was abandoned
 */
export async function requireSignIn<Claims>(client: OAuthClient<Claims>, options: RequireSignInOptions = {}): Promise<Claims> {
  if (IS_DEVELOPMENT) checkRequireSignIn(client, options)
  refuseArguments('requireSignIn()', areArguments(client, options))
  const { status, error: earlier } = client.getSnapshot()
  // Loaders of one navigation are called before any of them throws.
  const wasThrown = earlier !== undefined && THROWN.has(earlier)
  await client.start()
  const state = await refreshedState(client)
  if (state.status === 'signed-in') return state.claims
  const { error } = state
  if (error && error.code !== 'token_invalid') {
    const isNewAttempt = status !== 'restoring' && earlier === error && isNewNavigation(error, options, wasThrown)
    if (!isNewAttempt) throw noteThrown(error, options)
  }
  if (options.preload !== true) await signIn(client, options)
  const next = client.getSnapshot()
  if (next.status === 'signed-in') return next.claims
  throw new InteractionError('interaction_required', 'the sign-in was started but not completed', {
    hint: 'Show a button that calls login().',
  })
}

function areArguments(client: unknown, options: unknown): boolean {
  return isClient(client) && typeof options === 'object' && options !== null
}

/**
 * Whether the user has navigated since a sign-in failed. The page on which it failed shows the error once, even if the router loads it
 * twice: as the callback page and as the page of `returnTo`.
 */
function isNewNavigation(error: OAuthClientError, options: RequireSignInOptions, wasThrown: boolean): boolean {
  const navigation = navigationOf(options)
  const thrownFor = THROWN.get(error)
  if (!wasThrown || thrownFor?.has(navigation)) return false
  // Without the loader's argument, only a click tells one navigation from the next.
  if (!navigation) return typeof document !== 'undefined' && navigator.userActivation?.isActive
  const path = pathOf(options)
  return thrownFor?.has(path) === true || path !== pagePath()
}

function noteThrown(error: OAuthClientError, options: RequireSignInOptions): OAuthClientError {
  const thrownFor = THROWN.get(error) ?? new Set()
  THROWN.set(error, thrownFor.add(navigationOf(options)).add(pathOf(options)))
  return error
}

/** A sign-in would cancel the navigation of a sign-out to the server, whose session would sign the user in again. */
function signOutEnded(client: GuardedClient): Promise<void> {
  const isOver = (): boolean => client.getSnapshot().activity !== 'signing-out'
  return new Promise((resolve) => {
    if (isOver()) return resolve()
    const unsubscribe = client.subscribe(() => {
      if (!isOver()) return
      unsubscribe()
      resolve()
    })
  })
}

async function signIn(client: GuardedClient, options: RequireSignInOptions): Promise<void> {
  const navigation = navigationOf(options) ?? client
  const login = (): Promise<unknown> => client.login({ ...returnToOf(options), ...options.loginOptions })
  const pending = SIGN_INS.get(navigation) ?? signOutEnded(client).then(login)
  SIGN_INS.set(navigation, pending)
  try {
    await pending
  } catch (cause) {
    throw noteThrown(cause as OAuthClientError, options)
  } finally {
    SIGN_INS.delete(navigation)
  }
}

function navigationOf({ request, location }: RequireSignInOptions): object | undefined {
  return request ?? location
}

async function refreshedState<Claims>(client: OAuthClient<Claims>): Promise<SessionState<Claims>> {
  const state = client.getSnapshot()
  // A session of response type id_token has no access token to refresh.
  if (state.status !== 'signed-in' || !state.tokenSet.accessToken) return state
  // The state tells whether the failure ended the session.
  await client.getAccessToken().catch(() => undefined)
  return client.getSnapshot()
}

function returnToOf(options: RequireSignInOptions): LoginOptions {
  const { returnTo, location } = options
  if (returnTo !== undefined) return { returnTo }
  const path = pathOf(options)
  if (path === undefined) return {}
  const fragment = location ? urlOf(location.href)?.hash : path === pagePath() ? window.location.hash : ''
  return { returnTo: path + (fragment ?? '') }
}

/** Path and query of the route. Routers give a URL of this origin or a path; only the path is used. */
function pathOf({ request, location }: RequireSignInOptions): string | undefined {
  const url = urlOf(request?.url ?? location?.href)
  return url && url.pathname + url.search
}

function urlOf(href: string | undefined): URL | undefined {
  return href !== undefined && URL.canParse(href, 'https://origin.invalid') ? new URL(href, 'https://origin.invalid') : undefined
}

function pagePath(): string | undefined {
  return typeof window === 'undefined' ? undefined : window.location.pathname + window.location.search
}

/**
 * The argument of a route loader has other members, too, which are the router's. Options that the app writes itself have none.
 *
 * @throws ConfigurationError configuration for an option that does not exist, and for an object that is no client
 */
function checkRequireSignIn(client: unknown, options: unknown): void {
  const { getSnapshot = 0 } = (client ?? {}) as Partial<OAuthClient>
  refuseUnknownOptions('requireSignIn()', { client: client ?? 0, getSnapshot }, { client: 'object', getSnapshot: 'function' })
  const { request, location } = (options ?? {}) as RequireSignInOptions
  if (request === undefined && location === undefined) refuseUnknownOptions('requireSignIn()', options, OPTIONS)
  else refuseSimilarOptions('requireSignIn()', options, OWN)
}
