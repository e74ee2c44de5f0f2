import type { Emitter } from '../platform/emitter.js'
import type { UserClaims } from '../protocol/claims.js'
import type { Session } from '../session/session.js'
import type { SessionState } from '../session/session-state.js'
import type { SignIn } from '../sign-in/sign-in.js'
import type { OAuthClient } from './client.js'
import type { ClientEvents } from './events.js'
import type { Lifecycle } from './lifecycle.js'
import type { ClientConfig } from './resolve-options.js'

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
