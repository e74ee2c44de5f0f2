import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { CLIENT_EVENT_NAMES, type ClientEvents } from '../client/events.js'
import { checkClientOptions, checkListener } from '../client/check-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { createEmitter } from '../platform/emitter.js'
import type { UserClaims } from '../protocol/claims.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import { refuseOAuth1 } from './refuse-oauth1.js'
import { createRegistryClient } from './registry-client.js'
import type { RegistryClient, RegistryEntry } from './registry-entry.js'
import type { StoredToken } from './stored-token.js'

/** Options of {@link createOAuthRegistry}. */
export interface RegistryOptions {
  /**
   * Returns a token from elsewhere, such as a database, for a client that has no session; undefined or null if there is no token. A token that
   * has expired, or that the API refuses, is refreshed with its `refresh_token`, and `onTokenSet` is called with the new one to store.
   *
   * @param account the account that was passed to `client()`
   */
  readonly fetchToken?:
    | ((name: string, account?: string) => StoredToken | null | undefined | Promise<StoredToken | null | undefined>)
    | undefined
  /** Called and awaited with every new token set of any client; `former` is the one that it replaces. `name` is the client's name as `fetchToken` gets it, or for an account `name/account`, with `/` and `%` in each encoded: the first two parts of `name.split('/').map(decodeURIComponent)`. */
  readonly onTokenSet?:
    | ((name: string, tokenSet: TokenSet, reason: TokenSetReason, former?: TokenSet) => void | Promise<void>)
    | undefined
  /** Creates the clients. Default: `createOAuthClient`. */
  readonly createClient?: typeof createOAuthClient | undefined
}

/** Events of the registry: those of its clients, with the client's name as `onTokenSet` gets it. */
export type RegistryEvents = { readonly [Name in keyof ClientEvents]: ClientEvents[Name] & { readonly name: string } }

/** The claims of each client by name: those of its `claims` schema, else the standard ones. */
export type ClaimsByName<Schemas> = {
  readonly [Name in keyof Schemas]: unknown extends Schemas[Name] ? UserClaims : Schemas[Name]
}

/** The members of every registry, whatever its clients are called. */
export interface RegistryBase<
  Names extends string,
  Claims extends Readonly<Record<Names, unknown>> = Readonly<Record<Names, UserClaims>>,
> {
  /** Names of the registered clients. */
  readonly names: readonly Names[]
  /**
   * Returns the client of a name. It is created on the first call.
   *
   * @param account distinguishes several accounts at one provider; each has its own session
   * @throws ConfigurationError for a name that is not registered
   */
  client<Name extends Names>(name: Name, account?: string): RegistryClient<Claims[Name]>
  /** Adds a listener for an event of any client. @returns removes it */
  on<Event extends keyof ClientEvents>(event: Event, listener: (details: RegistryEvents[Event]) => void): () => void
  /** Closes all clients. */
  close(): Promise<void>
}

/** Named clients: `registry.github` and `registry.client('github')` are the same one. */
export type OAuthRegistry<
  Names extends string,
  Claims extends Readonly<Record<Names, unknown>> = Readonly<Record<Names, UserClaims>>,
> = RegistryBase<Names, Claims> & { readonly [Name in Names]: RegistryClient<Claims[Name]> }

/**
 * Creates a registry of several named clients in one page. Each client is created once, on first use, and ignores the responses of the
 * others.
 *
 * @throws ConfigurationError for a name that the registry itself uses
 * @example
 * const registry = createOAuthRegistry({ github: { ...github, clientId: '…', apiBaseUrl: 'https://api.github.com/' } })
 * await registry.github.get('user/repos')
 */
export function createOAuthRegistry<Schemas extends Readonly<Record<string, unknown>>>(
  entries: { readonly [Name in keyof Schemas]: RegistryEntry<Schemas[Name]> },
  options?: RegistryOptions,
): OAuthRegistry<keyof Schemas & string, ClaimsByName<Schemas>>
export function createOAuthRegistry<Names extends string>(
  entries: Readonly<Record<Names, RegistryEntry>>,
  options: RegistryOptions = {},
): OAuthRegistry<Names> {
  if (IS_DEVELOPMENT) checkRegistry(entries, options)
  requireKind('createOAuthRegistry()', 'object', entries, options)
  const names = Object.keys(entries) as Names[]
  const clients = new Map<string, RegistryClient>()
  const events = createEmitter<RegistryEvents>()

  function client(name: Names, account?: string): RegistryClient {
    if (!Object.hasOwn(entries, name)) throw unknownName(name, names)
    if (IS_DEVELOPMENT && account !== undefined) refuseOtherKind('client()', 'account', [account, 'string', 'required'])
    if (account !== undefined) requireKind('client()', 'string', account)
    const key = JSON.stringify([name, account])
    const label = account === undefined ? name : accountLabel([name, account], entries)
    const made: RegistryClient =
      clients.get(key) ?? make({ name, account, label, onClose: () => forget(key, account, made) }, entries[name], options)
    if (!clients.has(key)) for (const event of CLIENT_EVENT_NAMES) forward(made, event, label)
    clients.set(key, made)
    return made
  }

  /** A server has as many accounts as it has users: a closed client is removed, and created again on its next use. */
  function forget(key: string, account: string | undefined, closed: RegistryClient): void {
    if (account !== undefined && clients.get(key) === closed) clients.delete(key)
  }

  function forward(from: RegistryClient, event: keyof ClientEvents, name: string): void {
    from.on(event, (details: object) => events.emit(event, { ...details, name } as never))
  }

  const base: RegistryBase<Names> = {
    names,
    client,
    on(event, listener) {
      if (IS_DEVELOPMENT) checkListener(event, listener)
      return events.on(event, listener)
    },
    close: async () => {
      await Promise.all([...clients.values()].map((one) => one.close()))
    },
  }
  const taken = names.find((name) => name in base)
  if (taken !== undefined) {
    throw createError('configuration', `A client cannot be named "${taken}": the registry has a member of that name.`, {
      hint: 'Choose another name.',
    })
  }
  const getters = Object.fromEntries(names.map((name) => [name, { get: () => client(name), enumerable: true }]))
  return Object.defineProperties(base, getters) as OAuthRegistry<Names>
}

const REGISTRY_OPTIONS: OptionNames<RegistryOptions> = {
  fetchToken: 'function',
  onTokenSet: 'function',
  createClient: 'function',
}

/** At once, and not only when a client is first used. */
function checkRegistry(entries: Readonly<Record<string, RegistryEntry>>, options: RegistryOptions): void {
  refuseOtherKind('createOAuthRegistry()', 'entries', [entries, 'object', 'required'])
  refuseUnknownOptions('createOAuthRegistry()', options, REGISTRY_OPTIONS)
  // A custom factory may take options of its own.
  if (options.createClient) return
  for (const [name, entry] of Object.entries(entries)) {
    refuseOtherKind('createOAuthRegistry()', name, [entry, 'object', 'required'])
    const { apiBaseUrl, createClient, ...rest } = entry
    refuseOtherKind(`The entry "${name}"`, 'createClient', [createClient ?? (() => undefined), 'function'])
    refuseOtherKind(`The entry "${name}"`, 'apiBaseUrl', [apiBaseUrl ?? null, 'string'])
    // A client of another kind checks its own options.
    if (createClient) continue
    refuseOAuth1(name, rest)
    checkClientOptions(`The entry "${name}"`, rest)
  }
}

interface ClientName {
  readonly name: string
  readonly account: string | undefined
  /** The name alone as it was registered, or `name/account` with slashes in each encoded. */
  readonly label: string
  readonly onClose: () => void
}

/** `name/account` with slashes in each encoded, and further slashes at the end as long as a client is registered by that name. */
function accountLabel(parts: readonly [name: string, account: string], entries: object): string {
  let label = parts.map((part) => part.replace(/[%/]/g, encodeURIComponent)).join('/')
  while (Object.hasOwn(entries, label)) label += '/'
  return label
}

function make({ name, account, label, onClose }: ClientName, entry: RegistryEntry, options: RegistryOptions): RegistryClient {
  const ownName = entry.name ?? name
  const { fetchToken, onTokenSet, createClient = createOAuthClient } = options
  const notify: RegistryEntry['onTokenSet'] = async (...change) => {
    await entry.onTokenSet?.(...change)
    await onTokenSet?.(label, ...change)
  }
  return createRegistryClient({
    name: label,
    entry: { ...entry, name: sessionName(ownName, account), onTokenSet: notify },
    createClient,
    onClose,
    fetchToken: () => (account === undefined ? fetchToken?.(name) : fetchToken?.(name, account)),
  })
}

/** A client finds its own sessions and responses by its name. No name is taken for that of an account. */
function sessionName(name: string, account: string | undefined): string {
  if (account !== undefined) return JSON.stringify([name, account])
  return name.startsWith('[') ? JSON.stringify([name]) : name
}

function unknownName(name: string, names: readonly string[]): ConfigurationError {
  return createError('configuration', `No client is registered as "${name}".`, {
    hint: names.length === 0 ? 'Register one first.' : `Registered are: ${names.join(', ')}.`,
  })
}
