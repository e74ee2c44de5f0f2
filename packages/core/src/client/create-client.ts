import { createError } from '../errors/create-error.js'
import { CALLS_APIS, createDeferredFetch } from '../fetch/deferred-fetch.js'
import { readResources } from '../fetch/resource-entries.js'
import { createEmitter, type Emitter } from '../platform/emitter.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { warningLogger } from '../platform/logger.js'
import type { UserClaims } from '../protocol/claims.js'
import { registerInternals } from '../protocol/client-registry.js'
import { createProtocolContext, type ProtocolContext } from '../protocol/protocol-context.js'
import type { ServerRecord } from '../protocol/server-metadata.js'
import { Session, type TabChannel } from '../session/session.js'
import type { SessionState } from '../session/session-state.js'
import { logout } from '../sign-out/logout.js'
import { SignIn } from '../sign-in/sign-in.js'
import { indexedDb } from '../storage/indexed-db.js'
import { createRecordStore, type RecordStore } from '../storage/record-store.js'
import { ResilientStorage } from '../storage/resilient-storage.js'
import { checkClientOptions, withCheckedCalls } from './check-options.js'
import type { OAuthClient } from './client.js'
import type { ClientOptions } from './client-options.js'
import { noteClient, observedOptions } from './devtools-hook.js'
import type { ClientEvents } from './events.js'
import type { ClientInternals, ServerCalls, SessionCalls, AccessCalls } from './internals.js'
import { explain, loadRareCalls, loadServerCalls, loadSessionCalls, loadAccessCalls } from './lazy.js'
import { Lifecycle } from './lifecycle.js'
import { openTabChannel } from './open-tab-channel.js'
import { reportStorage } from './report-storage.js'
import { type ClientConfig, resolveOptions } from './resolve-options.js'

/**
 * Creates a client for one authorization server and one client id. Nothing is read, sent or listened to before `start()` (or the first
 * call that needs the session).
 *
 * @throws ConfigurationError for options that are missing, incomplete or contradict each other
 */
export function createOAuthClient<Claims = UserClaims>(options: ClientOptions<Claims>): OAuthClient<Claims> {
  if (IS_DEVELOPMENT) checkClientOptions('createOAuthClient()', options as ClientOptions)
  const config = resolveOptions((IS_DEVELOPMENT ? observedOptions(options) : options) as ClientOptions)
  const tabs: Tabs = { channel: undefined }
  const restored = async (): Promise<void> => {
    if (session.state.status === 'restoring') await lifecycle.start()
  }
  const internals = wireClient(config, tabs, restored)
  const lifecycle = createLifecycle(internals, tabs)
  const { session, accessToken, sessionCalls, accessCalls } = internals
  const restoredCalls = async (): Promise<SessionCalls> => (await Promise.all([sessionCalls(), restored()]))[0]
  const assembled: OAuthClient<Claims> = assembleClient(
    { ...internals, lifecycle },
    {
      getAccessToken: async (tokenOptions = {}) => (await accessToken(tokenOptions)).accessToken,
      refresh: (refreshOptions) => {
        // Read at once: the client may be closed in the same tick.
        const { signal } = session
        return Promise.all([accessCalls(), restored()]).then(([{ refresher }]) => refresher.refresh(refreshOptions, signal))
      },
      fetch: internals.createFetch(accessToken),
      userInfo: async (userInfoOptions = {}) => (await sessionCalls()).readUserInfo(userInfoOptions),
      logout: (logoutOptions) => logout(internals, logoutOptions ?? {}),
      revoke: async (token, revokeOptions) => (await restoredCalls()).revoke(token, revokeOptions),
      introspect: async (token) => (await restoredCalls()).introspect(token),
    },
  )
  const client = IS_DEVELOPMENT ? withCheckedCalls(assembled, (error) => session.fail(error)) : assembled
  registerInternals(client, internals)
  if (IS_DEVELOPMENT) noteClient(client)
  return client
}

/** The other tabs, from the start of the client or its first sign-in until it is closed. */
interface Tabs {
  channel: TabChannel | undefined
  isClosed?: boolean
}

/**
 * Creates the parts of a client, each with what it needs of the others. `wire-sign-in.ts` and `session-calls.ts` have the lazily loaded
 * ones.
 *
 * @param restored resolves when the stored session was read
 */
function wireClient(config: ClientConfig, tabs: Tabs, restored: () => Promise<void>): ClientInternals {
  const { environment, options, key } = config
  const events = createEmitter<ClientEvents>()
  const { storage, records } = createRecordStore({
    storage: config.storage,
    now: environment.now,
    onError: (cause) => void reportStorage(internals, cause),
    onStale: (revision) => tabs.channel?.send(`stale:${revision}`),
    load: loadServerCalls,
    locks: environment.locks,
    loadRareCalls: loadSessionCalls,
  })
  const context = createContext(config, records)
  events.on('token-set', ({ tokenSet, reason }) => {
    // A session contains what was learned about the device's clock.
    context.noteClockOffset(tokenSet.clockOffsetSeconds ?? context.clockOffsetSeconds())
    // The first call needs a refresh, whose code loads while the app renders.
    if (reason === 'restored' && environment.now() / 1000 > (tokenSet.expiresAt ?? Infinity))
      sessionCalls().catch(() => undefined)
  })
  const serverCalls = async (): Promise<ServerCalls> => (await loadServerCalls()).serverCallsOf(internals)
  const sessionCalls = async ({ signal }: Pick<Session, 'signal'> = session): Promise<SessionCalls> =>
    (await loadSessionCalls()).sessionCallsOf(internals, signal)
  const sendToTabs: TabChannel['send'] = (message) => tabs.channel?.send(message)
  // A call that outlives its client must not listen again.
  const joinTabs = (): void => void (tabs.isClosed || (tabs.channel ??= openTabChannel(internals)))
  const ofSession = { options, records, key: `latchkey/${key}/session`, events, joinTabs, sendToTabs, explain }
  const session = new Session({ ...ofSession, loadRareCalls })
  const signIn = new SignIn({ config, session, explain, loadSteps: serverCalls, loadRareCalls })
  const internals: ClientInternals = {
    config,
    events,
    storage,
    records,
    context,
    session,
    signIn,
    resources: readResources(options.resources, environment.window?.location.origin, options.allowPlainHttp),
    apiFetch: environment.fetch,
    restored,
    loadRareCalls,
    loadSessionCalls,
    serverCalls,
    sessionCalls,
    ...createAccess(() => internals),
  }
  return internals
}

type Access = Pick<ClientInternals, 'accessCalls' | 'accessToken' | 'createFetch'>

/** Creates what uses the tokens of a client, whose code is loaded by the first call. */
function createAccess(client: () => ClientInternals): Access {
  let calls: AccessCalls | undefined
  const accessCalls = async (): Promise<AccessCalls> => {
    const { accessCallsOf } = await loadAccessCalls().catch(async (cause: unknown) => {
      throw await explain(cause)
    })
    return (calls ??= accessCallsOf(client()))
  }
  return {
    accessCalls,
    accessToken(options, { signal } = client().session) {
      if (calls) return calls.accessToken(options, { signal })
      return Promise.all([accessCalls(), client().restored()]).then(([loaded]) => loaded.accessToken(options, { signal }))
    },
    createFetch: (accessToken) => createDeferredFetch(accessCalls, accessToken, client().session),
  }
}

function createContext({ environment, options, storage, key }: ClientConfig, records: RecordStore): ProtocolContext {
  const prefix = `latchkey/${key}/server`
  // Keys that cannot be exported are in IndexedDB even if the tokens are not: after a redirect the same key must be found.
  const keys = new ResilientStorage(storage.keepsCryptoKeys ? storage : indexedDb(), () => undefined)
  return createProtocolContext(options, {
    environment,
    logger: options.logger ?? warningLogger,
    load: async () => (await loadRareCalls()).protocolLoaders,
    explain,
    keyStore: { storage: keys, prefix },
    serverCache: {
      async read() {
        // Absent if the record cannot be read.
        const { value } = ((await records.read(prefix)) ?? {}) as { readonly value?: Partial<ServerRecord> | null }
        return value?.metadata && (value as ServerRecord)
      },
      write: (record) => records.write(prefix, record),
    },
  })
}

function createLifecycle(client: ClientInternals, tabs: Tabs): Lifecycle {
  const { config, session, signIn, storage, serverCalls, sessionCalls, accessCalls } = client
  return new Lifecycle({
    config,
    session,
    signIn,
    preload: serverCalls,
    signInSilently: async () => (await sessionCalls()).signInSilently(),
    async onRestored() {
      if (config.options.offlineGrace === undefined || config.environment.window?.navigator.onLine !== false) return
      await sessionCalls().then(
        (calls) => calls.suspendWhenOfflineTooLong(),
        () => undefined,
      )
    },
    joinTabs() {
      tabs.isClosed = false
      if (config.tab.get(CALLS_APIS)) accessCalls().catch(() => undefined)
      session.parts.joinTabs?.()
    },
    async startBackgroundWork(...how) {
      accessCalls().catch(() => undefined)
      return (await loadRareCalls()).startBackgroundWork(client, ...how)
    },
    close() {
      // A refresh in flight continues: the server may have used up its refresh token already.
      session.interrupt(createError('aborted'))
      tabs.channel?.close()
      tabs.channel = undefined
      tabs.isClosed = true
      storage.close()
    },
  })
}

/** What every client consists of. The worker client has the same parts, but its session follows the session in the worker. */
export interface ClientParts {
  readonly config: ClientConfig
  readonly events: Emitter<ClientEvents>
  readonly session: Session
  readonly signIn: Pick<SignIn, 'isCallback' | 'login' | 'handlePage' | 'handleCallback'>
  readonly lifecycle: Lifecycle
}

/** The calls that use tokens. The worker client makes them in the worker. */
export type TokenCalls = Pick<
  OAuthClient,
  'getAccessToken' | 'refresh' | 'fetch' | 'userInfo' | 'logout' | 'revoke' | 'introspect'
>

/** Creates the public interface of a client from its parts. */
export function assembleClient<Claims = UserClaims>(
  { config, events, session, signIn, lifecycle }: ClientParts,
  calls: TokenCalls,
): OAuthClient<Claims> {
  return {
    ...calls,
    options: config.options,
    start: () => lifecycle.start(),
    isCallback: (url) => signIn.isCallback(url),
    login: (options = {}) => markHandled(signIn.login(options)),
    handleCallback: (url) => markHandled(url === undefined ? signIn.handlePage() : signIn.handleCallback(url)),
    getTokenSet: () => session.state.tokenSet,
    logout: (options) => markHandled(calls.logout(options)),
    subscribe: (listener) => session.subscribe(listener),
    getSnapshot: () => session.state as SessionState<Claims>,
    on: (name, listener) => events.on(name, listener),
    close: () => lifecycle.close(),
    [Symbol.asyncDispose]: () => lifecycle.close(),
  }
}

/** The error is also in the state, so an ignored promise must not raise `unhandledrejection`. */
function markHandled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}
