import type { OAuthClient } from '@latchkey/core'
import type { ProviderClients } from '../provider/clients.js'

/** @returns the clients of a provider, by name */
export function clientsOfProvider(clients: ProviderClients): Readonly<Record<string, OAuthClient<unknown>>> {
  return Object.fromEntries(Object.entries(clients).map(([name, { client }]) => [name, client]))
}
