import type { ClientEvents, OAuthClient, UserClaims } from '@latchkey/core'
import {
  assembleClient,
  type AuthorizationFlow,
  type ClientParts,
  createEmitter,
  createError,
  createRecordStore,
  createTabChannel,
  type Emitter,
  explain,
  Lifecycle,
  openQuietly,
  pageLoaders,
  RedirectGuard,
  Session,
  SignIn,
  type TabChannel,
} from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { checkOAuth1Options } from './check-options.js'
import { credentialsOf } from './credentials.js'
import type { OAuth1Transaction } from './flow.js'
import { loadSigning } from './lazy.js'
import { loadProblems } from './load-problems.js'
import { IS_DEVELOPMENT } from './is-development.js'
import type { Legs } from './legs.js'
import type { OAuth1Client } from './oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import { createOAuth1SignIn } from './oauth1-sign-in.js'
import { type OAuth1Config, resolveOAuth1Options } from './resolve-options.js'

/**
 * Creates a client for one provider with OAuth 1.0a. Nothing is read, sent or listened to before `start()` (or the first call that needs
 * the session).
 *
 * @throws ConfigurationError for options that are missing, unknown, incomplete or contradict each other
 * @see RFC 5849
 * @example
 * import { createOAuth1Client } from '@latchkey/oauth1'
 * const client = createOAuth1Client({
 *   consumerKey: 'dpf43f3p2l4k3l03',
 *   consumerSecret: process.env.CONSUMER_SECRET,
 *   temporaryCredentialsUrl: 'https://photos.example.net/initiate',
 *   authorizationUrl: 'https://photos.example.net/authorize',
 *   tokenCredentialsUrl: 'https://photos.example.net/token',
 *   resources: ['https://photos.example.net/photos'],
 * })
 */
export function createOAuth1Client<Claims = UserClaims>(options: OAuth1ClientOptions<Claims>): OAuth1Client<Claims> {
  if (IS_DEVELOPMENT) checkOAuth1Options(options as OAuth1ClientOptions)
  const config = resolveOAuth1Options(options as OAuth1ClientOptions)
  const parts = wireClient(config)
  const { session, lifecycle, legs } = parts
  const restored = async (): Promise<void> => {
    if (session.state.status === 'restoring') await lifecycle.start()
  }
  const { token, userInfo } = config.options
  const credentials = async () => (token === undefined ? restored().then(() => credentialsOf(session.state.tokenSet)) : token)
  const fetch: OAuthClient['fetch'] = async (input, init) =>
    (await loadSigning()).createSignedFetch(config, { signal: () => session.signal, credentials })(input, init)
  const client: OAuthClient<Claims> = assembleClient(parts, {
    fetch,
    getAccessToken: unsupported('token that can be used without a signature'),
    refresh: unsupported('refresh'),
    revoke: unsupported('revocation endpoint'),
    introspect: unsupported('introspection'),
    async userInfo() {
      await restored()
      const { tokenSet } = session.state
      if (!tokenSet) throw await explain(createError('missing_token'))
      return (await userInfo?.(fetch, tokenSet)) ?? tokenSet.claims ?? {}
    },
    async logout() {
      session.end('logout')
      session.parts.sendToTabs('logout')
      await session.clearRecord()
      session.dispatch({ type: 'logout_ended' })
      return { local: true, provider: false }
    },
  })
  return {
    ...client,
    temporaryCredentials: (requested = {}) => explained(legs().then((each) => each.temporaryCredentials(requested))),
    authorizationUrl: ({ token: identifier }, parameters) => authorizationUrl(config.options, identifier, parameters),
    async tokenCredentials(temporary, verifier, { signal } = {}) {
      const request = { credentials: temporary, verifier, returnTo: '/', moment: session.moment(false), signal }
      const result = await explained(legs().then((each) => each.redeem(request)))
      if (!result) throw await explain(createError('missing_token'))
      return result.tokenSet
    },
  }
}

/** @param what OAuth 1.0a does not have */
function unsupported(what: string): () => Promise<never> {
  return async () => {
    throw await explain((await loadProblems()).problems.unsupported(what))
  }
}

async function explained<Result>(work: Promise<Result>): Promise<Result> {
  return work.catch(async (cause: unknown) => {
    throw await explain(cause)
  })
}

interface OAuth1Parts extends ClientParts {
  readonly legs: () => Promise<Legs>
}

/** Creates the parts of a client, those of every client of this library, with the flow of OAuth 1.0a. */
function wireClient(config: OAuth1Config): OAuth1Parts {
  const { base, environment } = config
  const events = createEmitter<ClientEvents>()
  const tabs: Tabs = { channel: undefined }
  const { storage, records } = createRecordStore({
    storage: base.storage,
    now: environment.now,
    onError: (cause) => void reportStorage(events, cause),
    load: loadSigning,
  })
  const session = new Session({
    options: base.options,
    records,
    key: nameOf(config),
    events,
    sendToTabs: (message) => tabs.channel?.send(message),
    explain,
    loadInvalidClaims: pageLoaders.claims,
  })
  const legs = async (): Promise<Legs> => (await loadSigning()).createLegs({ config, session, events })
  const loadTransactions = async () => {
    const { TransactionStore } = await loadSigning()
    return new TransactionStore<OAuth1Transaction>({ config: base, records, storage })
  }
  const signIn = createSignIn(config, session, async () => {
    const { createFlow } = await loadSigning()
    return createFlow({ config, session, transactions: await loadTransactions(), legs: await legs() })
  })
  const lifecycle = new Lifecycle({
    config: base,
    session,
    signIn,
    preload: loadSigning,
    signInSilently: async () => undefined,
    joinTabs: () => joinTabs(config, tabs, session, storage.persistent),
    async startBackgroundWork() {
      await (await loadTransactions()).sweep().catch(() => undefined)
      return () => undefined
    },
    close() {
      session.interrupt(createError('aborted'))
      storage.close()
    },
  })
  return { config: base, events, session, signIn, lifecycle, legs }
}

/** The sign-in of every client, with the flow of OAuth 1.0a. */
function createSignIn(config: OAuth1Config, session: Session, loadFlow: () => Promise<AuthorizationFlow>): ClientParts['signIn'] {
  const { base, environment } = config
  const { transports: loadTransports, sendResponse: loadSendResponse } = pageLoaders
  const redirects = new RedirectGuard(base.tab, environment.now)
  const loadSteps = async () => {
    const { createSignInSteps } = await loadSigning()
    return createSignInSteps({ config: base, session, flow: await loadFlow(), redirects, loadTransports })
  }
  return createOAuth1SignIn(config, new SignIn({ config: base, session, explain, loadSteps, loadTransports, loadSendResponse }))
}

/** The other tabs, while the client is started. */
interface Tabs {
  channel: TabChannel | undefined
}

/** Name of the session's record, and of the channel to the other tabs. */
function nameOf({ base }: OAuth1Config): string {
  return `latchkey/${base.key}/session`
}

async function reportStorage(events: Emitter<ClientEvents>, cause: unknown): Promise<void> {
  events.emit('storage-degraded', { error: await explain(createError('storage', undefined, { cause })) })
}

/** @returns stops listening */
function joinTabs(config: OAuth1Config, tabs: Tabs, session: Session, isPersistent: boolean): () => void {
  const { environment, options } = config
  // A process has no other tabs, unless the app gave it a channel.
  const isShared = environment.window ?? (isPersistent || options.environment?.openChannel)
  tabs.channel = createTabChannel(isShared ? openQuietly(environment, nameOf(config)) : undefined, (message) => {
    if (message === 'logout') session.logouts += 1
    else if (session.state.status !== 'restoring') void session.adopt()
  })
  return () => {
    tabs.channel?.close()
    tabs.channel = undefined
  }
}
