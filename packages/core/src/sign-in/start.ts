import { refuseAborted, unlessAborted, untilClosed } from '../platform/abort.js'
import { completePage, completeSignIn, type SignInContext } from './complete.js'
import type { LoginResult } from './sign-in-options.js'
import { allowSilentSignIn, type RedirectCause } from './redirect-guard.js'
import { createError } from '../errors/create-error.js'
import { startTimer } from '../platform/timer.js'
import type { Environment } from '../platform/environment.js'
import type { SignInRequest, SignInSteps } from './sign-in.js'
import type { NavigateRequest, PreparedNavigation } from './transports/transport.js'
import { isSignInFrame, signInsOf } from './windows.js'

/**
 * Signs in with a prepared navigation: creates the authorization request, navigates, and completes the response. If another client of
 * this page and configuration already leaves the page for a sign-in, that one is for both.
 *
 * @returns undefined if the page was restored from the back/forward cache, or if the user signed out before the response
 */
export function startSignIn(
  context: SignInContext,
  prepared: PreparedNavigation,
  request: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, session } = context
  const page = config.environment.window
  const isOwnTransport = typeof (request.options.transport ?? config.options.transport) === 'object'
  if (!page || isOwnTransport || prepared.transport.name !== 'redirect') return navigate(context, prepared, request)
  const name = `${config.key}/redirect`
  const pending = workOfOther(page, name, session)
  if (pending) return pending.then(() => undefined)
  return shareWork(page, name, session, navigate(context, prepared, request))
}

async function navigate(
  context: SignInContext,
  { transport, navigation }: PreparedNavigation,
  { options, returnTo: requested, isSilent = false, event }: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, flow, redirects } = context
  const { transport: _transport, fallback: _fallback, returnTo: _returnTo, signal, ...rest } = options
  const { redirectUri = config.redirectUri, ...parameters } = rest
  if (!redirectUri) throw createError('configuration', ['noPage'])
  // The app that runs in the hidden frame of another sign-in would nest frames without end.
  if (isSignInFrame(config.environment.window)) throw createError('iframe_blocked', ['nestedFrame'])
  const by = isSilent ? 'app' : causeOf(config.environment, event)
  const isPlain = requested === undefined || PLAIN_PATH.test(requested)
  const returnTo = isPlain ? requested : (await context.loadRareCalls()).checkReturnTo(requested)
  const input = { parameters, returnTo, redirectUri, transport: transport.name, isSilent }
  const { host } = new URL(config.issuer)
  const building = flow.createRequest(input, signal)
  const { url, state, startedAt } = await unlessAborted(navigation.whileBuilding?.(building, host) ?? building, signal)
  refuseAborted(signal)
  if (transport.name === 'redirect') redirects.beforeRedirect(state, by, redirectUri)
  const response = navigation.navigate({ url: new URL(url), state, redirectUri, signal })
  const callbackUrl = await unlessAborted(response, signal)
  if (callbackUrl) return completeSignIn(context, callbackUrl, startedAt)
  return afterPageRestore(context)
}

/** Paths that are as the browser shows them, and stay on this origin. `checkReturnTo` decides about all others. */
export const PLAIN_PATH: RegExp = /^\/([\w-][\w.-]*\/)*([\w-][\w.-]*)?(\?[\w=&%.+-]+)?(#[\w-]+)?$/

/** A page that is still open after this time did not leave: the user stopped the navigation, or the server responded with a download. */
export const LEAVE_TIMEOUT_MS: number = 30_000

/**
 * Navigates this page; the response is in the URL of a new page.
 *
 * @returns undefined if the page stays, or if the browser restores it from the back/forward cache
 */
export function navigateRedirect(page: Window & typeof globalThis, { url }: NavigateRequest): Promise<undefined> {
  return new Promise((resolve) => {
    page.addEventListener('pageshow', (event) => event.persisted && resolve(undefined))
    startTimer(() => resolve(undefined), LEAVE_TIMEOUT_MS)
    page.location.assign(url)
  })
}

/** Who starts the redirect of a page. A page that redirects by itself is not loaded by the back or forward button. */
function causeOf({ window: page, now }: Environment, event: Event | undefined): RedirectCause {
  if (!page) return 'any'
  const [navigation] = page.performance?.getEntriesByType?.('navigation') ?? []
  if (hasRecentInput(page, now, event)) return 'user'
  if ((navigation as PerformanceNavigationTiming | undefined)?.type === 'back_forward') return 'user'
  // Not every browser has it, and test drivers set it: it proves only that the page was not touched. In a frame it does not even prove
  // that, since the click may have been in the page around it.
  const { userActivation } = page.navigator as Partial<Navigator>
  return isFramed(page) || (userActivation?.hasBeenActive ?? true) ? 'any' : 'app'
}

/** The page is back without a response. */
function afterPageRestore({ redirects }: SignInContext): undefined {
  redirects.stopWaiting()
  redirects.noteCancelled(true)
}

/** Lets other clients of the page wait for the work until it is settled. @param owner the client that does it @returns the work */
export function shareWork<T>(page: Window, name: string, owner: object, work: Promise<T>): Promise<T> {
  const signIns = signInsOf(page)
  const shared = (signIns[name] = Object.assign(
    work.then(() => undefined),
    { owner },
  ))
  const forget = (): void => {
    if (signIns[name] === shared) delete signIns[name]
  }
  shared.then(forget, forget)
  return work
}

/** @returns the work of another client of the page; undefined if there is none */
export function workOfOther(page: Window, name: string, owner: object): Promise<unknown> | undefined {
  const shared = signInsOf(page)[name]
  return shared?.owner === owner ? undefined : shared
}

/** As long as a browser treats a click as the cause of what a page does. */
const RECENT_MS = 5000

/** The events by which a user starts a sign-in. Others that browsers trust can be caused by a script, such as `submit`. */
const INPUT_EVENTS: readonly string[] = ['pointerdown', 'keydown', 'click']

const isInput = ({ isTrusted, type }: Event): boolean => isTrusted && INPUT_EVENTS.includes(type)

/** The time of the last input in each page, in milliseconds since the epoch. */
const lastInput = new WeakMap<Window, number>()

/** Notes when the user clicks, taps or types in the page. One listener a page is enough for all clients. */
export function watchInput(page: Window, now: () => number): void {
  if (lastInput.has(page)) return
  const note = (event: Event): unknown => isInput(event) && lastInput.set(page, now())
  lastInput.set(page, -Infinity)
  for (const type of INPUT_EVENTS) page.addEventListener(type, note, { capture: true, passive: true })
}

/**
 * Whether the user had just clicked, tapped or typed in the page when a sign-in was requested.
 *
 * @param event what the page handled then: before this code is loaded, no listener notes the input. Afterwards, no time passes between the
 *   request and this call
 */
export function hasRecentInput(page: Window, now: () => number, event: Event | undefined): boolean {
  return (event && isInput(event)) || Math.abs(now() - (lastInput.get(page) ?? -Infinity)) < RECENT_MS || isActive(page)
}

/**
 * Whether the page is active by an input that no listener has noted, because this code was not loaded yet: its handler waited before it
 * requested the sign-in. User activation alone is no proof: test drivers set it for each script that they run. So the page must have had an
 * input, too.
 *
 * @see Event Timing API, section 3.3 (`eventCounts`: trusted events only)
 */
function isActive({ navigator, performance }: Window): boolean {
  const { userActivation } = navigator as Partial<Navigator>
  const { eventCounts } = (performance ?? {}) as Partial<Performance>
  return !!userActivation?.isActive && INPUT_EVENTS.some((type) => !!eventCounts?.get(type))
}

/** Whether a page is in a frame of any site: the user may not know that it was opened. */
export function isFramed(page: Window): boolean {
  return !!page.parent && page.parent !== page
}

/** Binds the steps to one client. */
export function createSignInSteps(context: SignInContext): SignInSteps {
  const { config, session } = context
  const { window: page, now } = config.environment
  if (page) watchInput(page, now)
  // Any session is the next one after the sign-out, or after the redirect that found no user. Another tab may have started it.
  session.subscribe(({ type }) => type === 'token_set_received' && allowSilentSignIn(config.tab))
  return {
    startSignIn: async ({ opened, signal, ...request }) => {
      const { transport = config.options.transport ?? 'redirect' } = request.options
      const isRedirect = page && transport === 'redirect'
      const prepared = isRedirect
        ? { transport: { name: transport }, navigation: { navigate: navigateRedirect.bind(undefined, page), cancel() {} } }
        : (await context.loadRareCalls()).prepareNavigation(config, request.options, opened)
      return untilClosed(session, startSignIn(context, prepared, request), undefined, signal)
    },
    completePage: (url) => untilClosed(session, completePage(context, url)),
    completeCallback: async (address) => untilClosed(session, (await context.loadRareCalls()).completeCallback(context, address)),
  }
}
