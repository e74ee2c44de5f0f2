import { assembleClient, type TokenCalls } from '../client/create-client.js'
import { withCheckedCalls } from '../client/check-options.js'
import type { OAuthClient } from '../client/client.js'
import type { ClientOptions } from '../client/client-options.js'
import { noteClient } from '../client/devtools-hook.js'
import type { ClientEvents } from '../client/events.js'
import { CLIENT_OPTIONS } from '../client/option-names.js'
import { explain, pageLoaders } from '../client/page-loaders.js'
import { Lifecycle } from '../client/lifecycle.js'
import { type ClientConfig, resolveOptions } from '../client/resolve-options.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { createEmitter } from '../platform/emitter.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { EnvironmentOptions } from '../platform/environment.js'
import { registerInternals } from '../protocol/client-registry.js'
import type { UserClaims } from '../protocol/claims.js'
import type { AuthorizationFlow } from '../sign-in/authorization-flow.js'
import { blockSilentSignIn } from '../sign-in/block-silent-sign-in.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import type { Session, SessionUser } from '../session/session.js'
import { SignIn, type SignInSteps } from '../sign-in/sign-in.js'
import type { SignInOptions } from '../sign-in/sign-in-options.js'
import { memory } from '../storage/memory.js'
import type { ClientWorker } from './connect-worker.js'
import { refuseWithoutEffect } from './refuse-without-effect.js'
import { connectSession } from './remote-session.js'
import type { RpcPort } from './rpc-port.js'
import { deserializeResponse, serializeRequest } from './serialized-fetch.js'
import { typedCalls } from './typed-calls.js'
import type { WorkerApi } from './worker-api.js'

type PageOption = 'issuer' | 'server' | 'clientId' | 'name' | 'redirectUri' | 'postLogoutRedirectUri' | 'leeway' | 'timeout'

/** The options that the page needs. Pass all others (scope, resources, storage, hooks) to `serveClient` in the worker. */
export interface WorkerClientOptions extends Pick<ClientOptions, PageOption>, SignInOptions, EnvironmentOptions {
  /** A module worker whose file calls `serveClient` with the same `issuer`, `clientId` and `name`. */
  readonly worker: ClientWorker
}

/**
 * Creates a client whose tokens stay in a worker. It has the interface of every other client, and the hooks of `@latchkey/react` accept
 * it. But no token is in the page: `getAccessToken` rejects, token sets contain only expiry, scope and claims, and `fetch` and
 * `userInfo` run in the worker, where the list of resources is.
 *
 * This prevents a script in the page from stealing tokens. It does not prevent the script from calling the API through this client
 * while the page is open, or from starting a sign-in.
 *
 * @throws ConfigurationError for options that are missing, incomplete or contradict each other
 * @example
 * import { workerClient } from '@latchkey/core/worker'
 * const worker = new Worker(new URL('./oauth.worker.ts', import.meta.url), { type: 'module' })
 * const client = workerClient({ worker, issuer: 'https://id.example.com', clientId: 'spa' })
 */
export function workerClient<Claims = UserClaims>(given: WorkerClientOptions): OAuthClient<Claims> {
  const { worker, ...options } = given ?? {}
  refuseWithoutEffect(options)
  refuseMissingWorker(worker)
  if (IS_DEVELOPMENT) checkWorkerOptions(options)
  const config = resolveOptions({ ...options, storage: memory() })
  const { environment, leewaySeconds, tab } = config
  const events = createEmitter<ClientEvents>()
  const { rpc, session } = connectSession(worker, config, events)
  const flow: AuthorizationFlow = {
    createRequest: (input, signal) => rpc.call('createRequest', input, signal),
    redeemResponse: (url, startedAt) => rpc.call('redeemResponse', { url, startedAt }),
  }
  const refresh = (): Promise<void> => rpc.call('refreshInAdvance', undefined)
  const redirects = new RedirectGuard(tab, environment.now)
  const { rareSteps: loadRareCalls, sendResponse: loadSendResponse } = pageLoaders
  const context = { config, session, flow, redirects, loadRareCalls }
  let steps: SignInSteps | undefined
  const loadSteps = async (): Promise<SignInSteps> => {
    const { createSignInSteps } = await pageLoaders.signInSteps()
    return (steps ??= createSignInSteps(context))
  }
  const signIn = new SignIn({ config, session, explain, loadSteps, loadRareCalls: loadSendResponse })
  const lifecycle = new Lifecycle({
    config,
    session,
    signIn,
    preload: pageLoaders.signInSteps,
    signInSilently: async () => (await pageLoaders.rareSteps()).signInSilently(context),
    async startBackgroundWork(detached) {
      const [{ dueAt, RefreshTimer }] = await Promise.all([pageLoaders.refreshTimer(), loadSteps()])
      if (detached.aborted) return
      const getDueTime = (now: number): number | undefined =>
        session.state.tokenSet && dueAt(session.state.tokenSet, leewaySeconds, now)
      const timer = new RefreshTimer({ environment, events, dueAt: getDueTime, refresh })
      detached.addEventListener('abort', () => timer.stop())
    },
    close: () => closeSession(rpc, session),
  })
  const client = assembleClient<Claims>(
    { config, events, session, signIn, lifecycle },
    typedCalls(createTokenCalls({ config, redirects, rpc, session }), session),
  )
  const checked = IS_DEVELOPMENT ? withCheckedCalls(client, (error) => session.fail(error)) : client
  registerInternals(checked, throwUnsupported)
  if (IS_DEVELOPMENT) noteClient(checked)
  return checked
}

/** Ends what the page waits for, and the client in the worker. A worker that has died needs no end. */
async function closeSession(rpc: RpcPort<WorkerApi>, session: Pick<Session, 'interrupt'>): Promise<void> {
  session.interrupt(createError('aborted'))
  await rpc.call('close', undefined).catch(() => undefined)
}

const WORKER_OPTIONS: OptionNames<Omit<WorkerClientOptions, 'worker'>> = {
  issuer: 'string',
  server: 'object',
  clientId: 'string',
  name: 'string',
  redirectUri: 'string',
  postLogoutRedirectUri: 'string',
  leeway: 'number',
  timeout: 'number',
  transport: "'redirect' | 'popup' | 'iframe' | object",
  silent: 'list',
  fetch: 'function',
  now: 'function',
  logger: 'object',
  environment: 'object',
}

/** In production too, where a script that creates the worker may be blocked. */
function refuseMissingWorker(worker: Partial<ClientWorker> | undefined): void {
  if (typeof worker?.postMessage === 'function') return
  throw createError('configuration', 'workerClient() needs a worker as the option "worker".', {
    hint: "Pass new Worker(new URL('./oauth.worker.ts', import.meta.url), { type: 'module' }).",
  })
}

function checkWorkerOptions(options: Omit<WorkerClientOptions, 'worker'>): void {
  const elsewhere = Object.keys(options).find(
    (name) => Object.hasOwn(CLIENT_OPTIONS, name) && !Object.hasOwn(WORKER_OPTIONS, name),
  )
  if (elsewhere !== undefined) {
    throw createError('configuration', `workerClient() has no option "${elsewhere}".`, {
      hint: 'Pass it to serveClient() in the file of the worker, where no script of the page can change it.',
    })
  }
  refuseUnknownOptions('workerClient()', options, WORKER_OPTIONS)
}

function throwUnsupported(): never {
  const hint =
    'Call it in the worker, with the client that serveClient() returns. What needs a page, such as the session monitor, needs a client in the page.'
  throw createError('unsupported', 'This function does not work with the client of a worker: its tokens are not in the page.', {
    hint,
  })
}

function signOutNeedsRedirect(transport: string): ConfigurationError {
  return createError(
    'unsupported',
    `The client of a worker signs out by redirect only, not by ${transport}. The session is kept.`,
    {
      hint: 'Call logout() without "transport".',
    },
  )
}

/** What `fetch` throws for its arguments is an error of the app, as in the page's own client. */
async function requestOf(input: RequestInfo | URL, init: RequestInit): Promise<Request> {
  try {
    return new Request(input, init)
  } catch (cause) {
    throw await explain(createError('configuration', 'The request could not be made.', { cause }))
  }
}

interface CallParts {
  readonly config: ClientConfig
  readonly redirects: RedirectGuard
  readonly rpc: RpcPort<WorkerApi>
  readonly session: Session
}

/** A worker that has died took its tokens along: the page must not show a user any more. */
async function endWithoutWorker(session: Session, cause: unknown): Promise<undefined> {
  const error = await explain(cause)
  session.end('logout')
  session.dispatch({ type: 'logout_ended' })
  session.fail(error)
}

function createTokenCalls({ config, redirects, rpc, session }: CallParts): TokenCalls {
  const { environment, tab } = config
  /** Call it before anything is awaited: the call belongs to the user of this moment. */
  const callUser = (): SessionUser | undefined => {
    const { claims, signedInAt } = session.state.tokenSet ?? {}
    return session.state.tokenSet && { claims, signedInAt }
  }
  return {
    async getAccessToken() {
      const hint = 'Send the request with client.fetch() or useAuthedFetch(). The worker adds the token.'
      throw createError('unsupported', 'Access tokens stay in the worker, so the page cannot get one.', { hint })
    },
    refresh: ({ signal, ...options } = {}) => rpc.call('refresh', { user: callUser(), options }, signal),
    async fetch(input, given) {
      const { withholdToken, resource, ...init } = given ?? {}
      const user = callUser()
      const request = await requestOf(input, init)
      if (withholdToken || request.headers.has('authorization')) return environment.fetch(request)
      const { signal } = request
      const sent = await serializeRequest(request, { ...init, resource })
      const response = await rpc.call('fetch', { ...sent, user }, signal).catch((cause: unknown) => {
        signal.throwIfAborted()
        throw cause
      })
      return deserializeResponse(response, signal, (work) => rpc.whileAlive(work))
    },
    userInfo: ({ signal } = {}) => rpc.call('userInfo', { user: callUser() }, signal),
    async logout(given) {
      const { transport, ...options } = given ?? {}
      if (transport === 'popup' || transport === 'iframe') throw signOutNeedsRedirect(transport)
      blockSilentSignIn(tab, 'logout')
      const { postLogoutRedirectUri = config.postLogoutRedirectUri, state } = options
      const url = await rpc
        .call('logout', { ...options, postLogoutRedirectUri })
        .catch((cause: unknown) => endWithoutWorker(session, cause))
      if (url === undefined) return { local: true, provider: false }
      if (state !== undefined) redirects.expectResponse(state)
      environment.window?.location.assign(url)
      return { local: true, provider: true }
    },
    revoke(token, { signal, headers, ...options } = {}) {
      const sent = { ...options, headers: headers && [...new Headers(headers)] }
      return rpc.call('revoke', { user: callUser(), token, options: sent }, signal)
    },
    introspect: (token) => rpc.call('introspect', { user: callUser(), token }),
  }
}
