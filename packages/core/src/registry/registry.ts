import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import type { ClientEvents } from '../client/events.js'
import { createOAuthClient } from '../client/create-client.js'
import { createEmitter } from '../platform/emitter.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import { createRegistryClient } from './registry-client.js'
import type { RegistryClient, RegistryEntry } from './registry-entry.js'
import type { StoredToken } from './stored-token.js'

export interface RegistryOptions {
  /**
   * A token from elsewhere (a database, another tab's library) for a client that has no session; undefined when there is none. One that
   * has expired, or that the API refuses, is renewed with its `refresh_token`, and `onTokenSet` called with the new one to store.
   *
   * @param account that the client was asked for with
   */
  readonly fetchToken?: (name: string, account?: string) => StoredToken | undefined | Promise<StoredToken | undefined>
  /** Called, awaited, with every new token set of any client; the name of an account is `name/account`. */
  readonly onTokenSet?: (name: string, tokenSet: TokenSet, reason: TokenSetReason) => void | Promise<void>
  /** Makes the clients; default `createOAuthClient`. */
  readonly createClient?: typeof createOAuthClient
}

/** What the registry tells: a client's event, with its name. */
export type RegistryEvents = { readonly [Name in keyof ClientEvents]: ClientEvents[Name] & { readonly name: string } }

export interface RegistryBase<Names extends string> {
  readonly names: readonly Names[]
  /**
   * @param account tells several accounts at one provider apart: each has its own session, side by side
   * @throws ConfigurationError for a name nobody registered
   */
  client(name: Names, account?: string): RegistryClient
  on<Event extends keyof ClientEvents>(event: Event, listener: (details: RegistryEvents[Event]) => void): () => void
  close(): Promise<void>
}

/** Named clients: `registry.github` and `registry.client('github')` are the same one. */
export type OAuthRegistry<Names extends string> = RegistryBase<Names> & { readonly [Name in Names]: RegistryClient }

const EVENTS = [
  'signed-in',
  'signed-out',
  'user-changed',
  'token-set',
  'refresh-failed',
  'storage-degraded',
  'callback-ignored',
  'error',
] as const

/**
 * Several named clients of one page. Each is made when it is first asked for, once, and ignores what belongs to the others.
 *
 * @throws ConfigurationError for a name that the registry itself uses
 * @example
 * const registry = createOAuthRegistry({ github: { ...github, clientId: '…', apiBaseUrl: 'https://api.github.com/' } })
 * await registry.github.get('user/repos')
 */
export function createOAuthRegistry<Names extends string>(
  entries: Readonly<Record<Names, RegistryEntry>>,
  options: RegistryOptions = {},
): OAuthRegistry<Names> {
  const names = Object.keys(entries) as Names[]
  const clients = new Map<string, RegistryClient>()
  const events = createEmitter<RegistryEvents>()

  function client(name: Names, account?: string): RegistryClient {
    if (!Object.hasOwn(entries, name)) throw unknownName(name, names)
    const label = account === undefined ? name : `${name}/${account}`
    const made = clients.get(label) ?? make({ name, account, label }, entries[name], options)
    if (!clients.has(label)) for (const event of EVENTS) forward(made, event, label)
    clients.set(label, made)
    return made
  }

  function forward(from: RegistryClient, event: (typeof EVENTS)[number], name: string): void {
    from.on(event, (details: object) => events.emit(event, { ...details, name } as never))
  }

  const base: RegistryBase<Names> = {
    names,
    client,
    on: (event, listener) => events.on(event, listener),
    close: async () => {
      await Promise.all([...clients.values()].map((one) => one.close()))
    },
  }
  const taken = names.find((name) => name in base)
  if (taken !== undefined)
    throw createError('configuration', `a client cannot be named "${taken}": the registry uses that name itself`, {
      hint: 'Choose another name for it.',
    })
  const getters = Object.fromEntries(names.map((name) => [name, { get: () => client(name), enumerable: true }]))
  return Object.defineProperties(base, getters) as OAuthRegistry<Names>
}

interface ClientName {
  readonly name: string
  readonly account: string | undefined
  /** Both in one. */
  readonly label: string
}

function make({ name, account, label }: ClientName, entry: RegistryEntry, options: RegistryOptions): RegistryClient {
  const ownName = account === undefined ? entry.name : entry.name && `${entry.name}/${account}`
  const { fetchToken, onTokenSet, createClient = createOAuthClient } = options
  const tell = async (tokenSet: TokenSet, reason: TokenSetReason): Promise<void> => {
    await entry.onTokenSet?.(tokenSet, reason)
    await onTokenSet?.(label, tokenSet, reason)
  }
  return createRegistryClient({
    name: label,
    // The name is part of what a client knows its own sessions and responses by.
    entry: { ...entry, name: ownName ?? label, onTokenSet: tell },
    createClient,
    fetchToken: () => (account === undefined ? fetchToken?.(name) : fetchToken?.(name, account)),
  })
}

function unknownName(name: string, names: readonly string[]): ConfigurationError {
  return createError('configuration', `no client is registered as "${name}"`, {
    hint: names.length === 0 ? 'Register one first.' : `Registered are: ${names.join(', ')}.`,
  })
}
