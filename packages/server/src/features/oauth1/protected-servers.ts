import type { AuthorizationServer, MountableServer } from '../../server/authorization-server.js'
import { contextOf } from '../../server/context-of.js'
import type { ServerContext } from '../../options/server-context.js'
import type { OAuth1Settings } from './oauth1-settings.js'

/** A server of OAuth 1.0a with its options. */
export interface OAuth1Context {
  readonly settings: OAuth1Settings
  readonly server: ServerContext
}

const features = new WeakMap<ServerContext, OAuth1Settings>()
const servers = new WeakMap<MountableServer, OAuth1Context>()

/** Remembers the feature of a server. */
export function setFeature(server: ServerContext, settings: OAuth1Settings): void {
  features.set(server, settings)
}

/** Remembers a server of OAuth 1.0a alone. */
export function setServer(server: MountableServer, context: OAuth1Context): void {
  servers.set(server, context)
}

/** Returns what a guard needs. Throws a TypeError for a server without OAuth 1.0a. */
export function oauth1ContextOf(server: MountableServer): OAuth1Context {
  const known = servers.get(server)
  if (known) return known
  const context = contextOf(server as AuthorizationServer)
  const settings = features.get(context)
  if (settings) return { settings, server: context }
  throw new TypeError('expected a server with the feature oauth1(), or one created by createOAuth1Server()')
}
