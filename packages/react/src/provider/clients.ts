import { createOAuthClient, type ClientOptions, type OAuthClient } from '@latchkey/core'

/** A client, or what one is made from. */
export type GivenClient = OAuthClient<unknown> | ClientOptions<unknown>

/** A client the provider holds, for as long as what it was made from names the same client. */
export interface HeldClient {
  readonly client: OAuthClient<unknown>
  /** The client that was given, or what tells the options' client from others. */
  readonly identity: OAuthClient<unknown> | string
  /** True when the page carried an authorization response for this client as it was taken up. */
  readonly hasCallback: boolean
  /** How many mounted components keep the client running. */
  keepers: number
  /** Settles when the session is restored and a response on this page is handled. */
  started?: Promise<void>
}

/** The name of a client that has none and needs none. */
export const ONLY = 'default'

export type HeldClients = Readonly<Record<string, HeldClient>>

/**
 * Pure but for new clients, and those do nothing before `start`.
 *
 * @returns `former` itself when it holds just these clients in this order, else what is held from now on
 */
export function holdClients(former: HeldClients, given: Readonly<Record<string, GivenClient>>): HeldClients {
  const held: Record<string, HeldClient> = {}
  for (const [name, one] of Object.entries(given)) held[name] = keepOrMake(former[name], name, one)
  const names = Object.keys(held)
  const isSame = names.join() === Object.keys(former).join() && names.every((name) => held[name] === former[name])
  return isSame ? former : held
}

function keepOrMake(former: HeldClient | undefined, name: string, given: GivenClient): HeldClient {
  const isClient = 'getSnapshot' in given
  const identity = isClient ? given : identityOf(given)
  if (former?.identity === identity) return former
  // The name keeps two sessions at one issuer and client id apart.
  const client = isClient ? given : createOAuthClient(name === ONLY ? given : { name, ...given })
  return { client, identity, hasCallback: client.isCallback(), keepers: 0 }
}

/** Objects and functions are left out: written inline they are new in every render and mean the same. */
function identityOf({ issuer, server, clientId, name }: ClientOptions<unknown>): string {
  return JSON.stringify([issuer, server?.issuer, clientId, name])
}
