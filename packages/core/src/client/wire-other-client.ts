import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { createEmitter } from '../platform/emitter.js'
import type { AuthorizationFlow } from '../sign-in/authorization-flow.js'
import { isForOpener } from '../sign-in/response-url.js'
import { SignIn, type SignInSteps } from '../sign-in/sign-in.js'
import type { StoredTransaction } from '../sign-in/transaction-store.js'
import type { LogoutResult } from '../sign-out/logout-options.js'
import { logout } from '../sign-out/logout.js'
import { Session, type TabChannel } from '../session/session.js'
import { createRecordStore } from '../storage/record-store.js'
import type { ClientParts } from './create-client.js'
import type { ClientEvents } from './events.js'
import { Lifecycle } from './lifecycle.js'
import { openTabChannel } from './open-tab-channel.js'
import type { OtherFlowParts, OtherSignInParts } from './other-client-calls.js'
import { explain, loadOtherCalls, pageLoaders } from './page-loaders.js'
import { reportStorage } from './report-storage.js'
import type { ClientConfig } from './resolve-options.js'

/** How another protocol than OAuth 2 signs a user in. */
export interface OtherProtocol<Stored extends StoredTransaction> {
  readonly createFlow: (parts: OtherFlowParts<Stored>) => AuthorizationFlow
  /** @returns the URL with a `state` of ours, undefined if it has no response */
  readonly readResponse: (url: URL) => URL | undefined
  /** Removes what `readResponse` reads, so that nothing of it stays in the address bar, the history or the Referer. */
  readonly withoutResponse: (url: URL) => URL
}

/** The parts of a client, and the calls that do not depend on its protocol. */
export interface OtherClientParts extends ClientParts, OtherSignInParts {
  /** Resolves when the stored session was read. */
  readonly restored: () => Promise<void>
  /** Ends the session here, for a protocol without a sign-out at the server. */
  readonly logout: () => Promise<LogoutResult>
}

/** Creates the parts of a client whose protocol is another than OAuth 2: session, storage, tabs and transports are those of every client. */
export function wireOtherClient<Stored extends StoredTransaction>(
  config: ClientConfig,
  protocol: OtherProtocol<Stored>,
): OtherClientParts {
  const events = createEmitter<ClientEvents>()
  let channel: TabChannel | undefined
  const { storage, records } = createRecordStore({
    storage: config.storage,
    now: config.environment.now,
    onError: (cause) => void reportStorage({ events, session }, cause),
    onStale: (revision) => channel?.send(`stale:${revision}`),
    load: loadOtherCalls,
    loadRareCalls: loadOtherCalls,
  })
  const joinTabs = (): void => void (channel ??= openTabChannel(parts))
  const session = new Session({
    options: config.options,
    records,
    key: `latchkey/${config.key}/session`,
    events,
    joinTabs,
    sendToTabs: (message) => channel?.send(message),
    explain,
    loadRareCalls: pageLoaders.claims,
  })
  const parts: OtherSignInParts = { config, session, storage, records, events }
  const signIn = createSignIn(parts, protocol)
  const lifecycle = new Lifecycle({
    config,
    session,
    signIn,
    preload: loadOtherCalls,
    signInSilently: async () => undefined,
    joinTabs,
    startBackgroundWork: async () => (await loadOtherCalls()).sweep(parts),
    close() {
      session.interrupt(createError('aborted'))
      channel?.close()
      channel = undefined
      storage.close()
    },
  })
  const restored = async (): Promise<void> => {
    if (session.state.status === 'restoring') await lifecycle.start()
  }
  return { ...parts, signIn, lifecycle, restored, logout: () => logoutHere(parts) }
}

function logoutHere({ config, session }: OtherSignInParts): Promise<LogoutResult> {
  const signOutAtServer = async (): Promise<LogoutResult> => {
    session.dispatch({ type: 'logout_ended' })
    return { local: true, provider: false }
  }
  return logout({ session, config, sessionCalls: async () => ({ signOutAtServer }) }, {})
}

function createSignIn<Stored extends StoredTransaction>(
  parts: OtherSignInParts,
  protocol: OtherProtocol<Stored>,
): ClientParts['signIn'] {
  const { config, session } = parts
  const { sendResponse: loadSendResponse } = pageLoaders
  let steps: SignInSteps | undefined
  const loadSteps = async (): Promise<SignInSteps> => {
    const { createSteps } = await loadOtherCalls()
    return (steps ??= createSteps(parts, protocol.createFlow, pageLoaders.rareSteps))
  }
  return readingOther(new SignIn({ config, session, explain, loadSteps, loadRareCalls: loadSendResponse }), config, protocol)
}

/** Adapts the sign-in of every client to responses with other parameters. */
function readingOther<Stored extends StoredTransaction>(
  signIn: SignIn,
  { environment, redirectUri }: ClientConfig,
  { readResponse, withoutResponse }: OtherProtocol<Stored>,
): ClientParts['signIn'] {
  const page = environment.window
  const read = (address: string | URL | undefined): URL | undefined => {
    const base = page?.location.href ?? redirectUri ?? 'about:blank'
    const given = address ?? base
    const parsed = parseUrl(given, base)
    const url = parsed && readResponse(parsed)
    return url && signIn.isCallback(url) ? url : undefined
  }
  return {
    isCallback: (address) => !!read(address),
    login: (loginOptions) => signIn.login(loginOptions),
    async handleCallback(address) {
      const url = read(address)
      return url && signIn.handleCallback(url)
    },
    async handlePage() {
      const url = read(undefined)
      if (!page || !url) return undefined
      const show = (shown: URL): void => page.history.replaceState(page.history.state, '', shown)
      const clean = (): void => show(withoutResponse(new URL(page.location.href)))
      show(url)
      // It runs synchronously until it has cleaned what it knows. A popup sends its URL first.
      const handling = signIn.handlePage()
      if (isForOpener(url.searchParams.get('state') ?? '')) void handling.then(clean, clean)
      else clean()
      return handling
    },
  }
}
