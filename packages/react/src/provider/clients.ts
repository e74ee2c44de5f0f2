import { createOAuthClient, type ClientOptions, type OAuthClient } from '@latchkey/core'

/** Holds either a client made by `createOAuthClient`, or the options that the provider creates one from. */
export type ClientOrOptions = OAuthClient<unknown> | ClientOptions<unknown>

/** One client of the provider, reused for as long as the props identify the same client. */
export interface ProviderClient {
  readonly client: OAuthClient<unknown>
  /** The client itself if the props contain one, else a key built from the options. */
  readonly identity: OAuthClient<unknown> | string
  /** True if the page's URL was an authorization response for this client when the provider first rendered it. */
  readonly hasCallback: boolean
  /** How many mounted components use the client; it is closed when none is left. */
  mountCount: number
  /** Settles when the session is restored and a response on this page is handled. */
  started?: Promise<void> | undefined
}

/** The provider's clients by name, in the order of the props. */
export type ProviderClients = Readonly<Record<string, ProviderClient>>

/** The name of a client without one. */
export const DEFAULT_CLIENT = 'default'

/**
 * Creates the clients that are new and reuses the others. Safe to call during render: a client does nothing before `start`.
 *
 * @returns `current` itself if it already contains exactly these clients in this order
 */
export function reconcileClients(current: ProviderClients, sources: Readonly<Record<string, ClientOrOptions>>): ProviderClients {
  const clients: Record<string, ProviderClient> = {}
  for (const [name, one] of Object.entries(sources)) clients[name] = reuseOrCreate(current[name], name, one)
  const names = Object.keys(clients)
  const isSame = names.join() === Object.keys(current).join() && names.every((name) => clients[name] === current[name])
  return isSame ? current : clients
}

function reuseOrCreate(current: ProviderClient | undefined, name: string, source: ClientOrOptions): ProviderClient {
  const isClient = isMadeClient(source)
  const identity = isClient ? source : identityOf({ ...source })
  if (current?.identity === identity) return current
  // Two clients may share issuer and client id: the name separates their stored sessions.
  const client = isClient ? source : createOAuthClient(name === DEFAULT_CLIENT ? source : { name, ...source })
  return { client, identity, hasCallback: client.isCallback(), mountCount: 0 }
}

/** In production, too, a value that is neither gets the error of `createOAuthClient`. */
function isMadeClient(source: ClientOrOptions): source is OAuthClient<unknown> {
  return typeof (source as Partial<OAuthClient> | undefined)?.getSnapshot === 'function'
}

/** Ignores objects and functions: written inline, they are new in every render without meaning another client. */
function identityOf({ issuer, server, clientId, name }: ClientOptions<unknown>): string {
  return JSON.stringify([issuer, server?.issuer, clientId, name])
}
