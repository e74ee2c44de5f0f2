import type { OAuthClient } from '../client/client.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ClientConfig } from '../client/resolve-options.js'
import type { OAuthClientError } from '../errors/errors.js'
import { protocolInternalsOf } from '../protocol/client-registry.js'
import type { ServerRecord } from '../protocol/server-metadata.js'
import { confirmedStepUp } from './confirmed-step-up.js'
import { refuseOtherQuery, withoutRedirects } from './connection-fetch.js'
import type { ConnectionStore, StoredConnection } from './connection-store.js'
import type { ResourceClientOptions } from './resource-client-options.js'
import type { ResourceConnection } from './resource-connection.js'

/** What all connections of one call share. */
export interface ConnectionSetup {
  readonly url: URL
  readonly options: ResourceClientOptions
  readonly config: Pick<ClientConfig, 'environment' | 'storage' | 'redirectUri'>
  readonly store: ConnectionStore
}

/**
 * Creates the client of a connection, and the connection over it.
 *
 * @param record the metadata of the authorization server, if it has just been fetched
 */
export async function openConnection(
  setup: ConnectionSetup,
  stored: StoredConnection,
  record?: ServerRecord,
): Promise<ResourceConnection> {
  const { store } = setup
  const client = createOAuthClient(clientOptions(setup, stored))
  // So that the sign-in does not request it again.
  if (record) await protocolInternalsOf(client).context.writeServer(record)
  const forgetRegistration = async (): Promise<void> => {
    const { source, server, redirectUri } = stored
    await store.forgetConnection(stored.url)
    if (source === 'registration' && redirectUri !== undefined) await store.forgetRegistration(server.issuer, redirectUri)
  }
  forgetUnknownClient(client, forgetRegistration)
  const disconnect = async (): Promise<void> => {
    await client.logout({ local: true })
    await store.forgetConnection(stored.url)
  }
  const { url, resource, metadata, server, scope } = stored
  return {
    url,
    resource,
    metadata,
    server,
    scope,
    client,
    async connect(options) {
      store.beforeSignIn(stored)
      // At once, so that a popup opens inside the click. `disconnect` has forgotten the connection.
      const all = Promise.all([client.login(options), store.writeConnection(stored)])
      return (await all.finally(() => store.afterSignIn(stored.url)))[0]
    },
    async fetch(input, init) {
      refuseOtherQuery(input instanceof Request ? input.url : input, resource)
      return client.fetch(input, init)
    },
    disconnect,
    async forget() {
      await disconnect()
      await forgetRegistration()
    },
    close: () => client.close(),
  }
}

/** A server that no longer knows the client will not know it the next time either. @see RFC 6749, section 5.2 */
function forgetUnknownClient(client: OAuthClient, forget: () => Promise<void>): void {
  const onError = ({ error }: { readonly error: OAuthClientError }): void => {
    if (error.error === 'invalid_client') void forget()
  }
  client.on('error', onError)
  client.on('refresh-failed', onError)
}

function clientOptions({ options, config }: ConnectionSetup, stored: StoredConnection): ClientOptions {
  const { environment, storage, redirectUri } = config
  const { silent, par, leeway, clockTolerance, timeout, onTokenSet, logger, transport } = options
  const { resource, server, metadata } = stored
  const { origin, pathname } = new URL(resource)
  const prefix = origin + pathname
  const isBound = metadata?.['dpop_bound_access_tokens_required'] === true
  return {
    ...{ silent, par, leeway, clockTolerance, timeout, onTokenSet, logger, transport, storage, redirectUri },
    // Two resources of one server have a session each.
    name: `resource ${stored.url}`,
    issuer: server.issuer,
    metadataUrl: stored.metadataUrl,
    clientId: stored.clientId,
    clientSecret: stored.clientSecret,
    clientAuth: stored.clientAuth,
    scope: stored.scope,
    // Of two entries for one address, `fetch` takes the first, so it sends the session's own token, which is for this resource.
    resources: [prefix, { url: prefix, resource }],
    tokenParams: { resource },
    dpop: options.dpop ?? (isBound || undefined),
    stepUp: stepUpOf(options, config),
    environment: { ...environment, fetch: withoutRedirects(environment.fetch) },
  }
}

/** A page does not leave by itself: the sign-in by redirect needs the option, or the click that `onStepUp` waits for. */
function stepUpOf(
  { stepUp, transport = 'redirect', onStepUp }: ResourceClientOptions,
  { environment }: Pick<ClientConfig, 'environment'>,
): ClientOptions['stepUp'] {
  if (onStepUp) return confirmedStepUp(environment, stepUp ?? transport, onStepUp)
  return stepUp ?? (transport === 'redirect' ? undefined : transport)
}
