import type { ClientOptions, OAuthClient } from '@latchkey/core'
import type { DevtoolsHook } from '@latchkey/core/internals'
import { withDevtools } from './with-devtools.js'

const MAX_CLIENTS = 20

/** The clients of this page that were created since the devtools were installed. */
export interface ClientList extends DevtoolsHook {
  /** One of each name, in the order of their creation. The same list until it changes. */
  readonly clients: () => readonly OAuthClient<unknown>[]
  readonly subscribe: (listener: () => void) => () => void
  /** False while the devtools themselves create a client. */
  isListening: boolean
}

interface Host {
  latchkeyDevtools?: ClientList | undefined
}

/**
 * Records the messages of all clients that are created from now on, in whatever module, and lists the clients.
 *
 * @returns the list of an earlier call, if there was one
 */
export function installHook(): ClientList {
  const host = globalThis as Host
  return (host.latchkeyDevtools ??= createList())
}

/** Returns what `installHook` has installed in this page. */
export function installedHook(): ClientList | undefined {
  return (globalThis as Host).latchkeyDevtools
}

/** Creates a client that is not listed. */
export function withoutNotice<Client>(create: () => Client): Client {
  const hook = installedHook()
  if (!hook) return create()
  hook.isListening = false
  try {
    return create()
  } finally {
    hook.isListening = true
  }
}

function createList(): ClientList {
  let clients: readonly OAuthClient<unknown>[] = []
  const listeners = new Set<() => void>()
  const show = (next: readonly OAuthClient<unknown>[]): void => {
    clients = next.slice(-MAX_CLIENTS)
    for (const listener of listeners) listener()
  }
  const list: ClientList = {
    isListening: true,
    observe: (options) => (list.isListening && isObservable(options) ? withDevtools(options) : options),
    note(client) {
      if (!list.isListening) return
      const added = client as OAuthClient<unknown>
      const isSame = (one: OAuthClient<unknown>): boolean => identityOf(one) === identityOf(added)
      if (!clients.some(isSame)) show([...clients, added])
      // StrictMode and hot updates create a client again: the one that is started is in use.
      added.subscribe(() => {
        if (!clients.includes(added)) show([...clients.filter((one) => !isSame(one)), added])
      })
    },
    clients: () => clients,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return list
}

/** Options that are invalid are refused by the client. */
function isObservable<Options>(options: Options): options is Options & ClientOptions<unknown> {
  return typeof options === 'object' && options !== null && 'clientId' in options && !('consumerKey' in options)
}

function identityOf(client: OAuthClient<unknown>): string {
  const { issuer, server, clientId, name } = client.options
  return JSON.stringify([issuer ?? server?.issuer, clientId, name])
}

/** Returns names that tell the clients apart, with the clients. */
export function namedClients(clients: readonly OAuthClient<unknown>[]): Readonly<Record<string, OAuthClient<unknown>>> {
  const named: Record<string, OAuthClient<unknown>> = {}
  for (const client of clients) {
    const { name, clientId } = client.options
    const label = name ?? clientId
    named[label in named ? `${label} at ${client.options.issuer ?? client.options.server?.issuer}` : label] = client
  }
  return named
}
