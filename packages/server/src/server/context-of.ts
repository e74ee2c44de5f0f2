import type { ServerContext } from '../options/server-context.js'
import type { AuthorizationServer } from './authorization-server.js'

const contexts = new WeakMap<AuthorizationServer, ServerContext>()

/** Remembers the context of a server, for functions of features that take the server. */
export function setContext(server: AuthorizationServer, context: ServerContext): void {
  contexts.set(server, context)
}

/** Returns the context of a server. Throws a TypeError for an object that `createAuthorizationServer` has not created. */
export function contextOf(server: AuthorizationServer): ServerContext {
  const context = contexts.get(server)
  if (context) return context
  throw new TypeError(
    'expected a server created by createAuthorizationServer(). One of OAuth 1.0a needs its own guards, such as toExpressOAuth1Guard()',
  )
}
