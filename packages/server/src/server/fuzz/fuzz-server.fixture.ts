import { ciba } from '../../features/ciba/ciba.js'
import { device } from '../../features/device/device.js'
import { clientKeys, signingClient, type ClientKeys } from '../../features/jar/request-object.fixture.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import { rar } from '../../features/rar/rar.js'
import { registration } from '../../features/registration/registration.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { clientStore } from '../../storage/client-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import { clientCredentials } from '../../token/grants/client-credentials.js'
import { hybrid } from '../../token/grants/hybrid.js'
import { implicit } from '../../token/grants/implicit.js'
import { jwtBearer } from '../../token/grants/jwt-bearer.js'
import { password } from '../../token/grants/password.js'
import { refreshToken } from '../../token/grants/refresh-token.js'
import { tokenExchange } from '../../token/grants/token-exchange.js'
import type { AuthorizationServer } from '../authorization-server.js'
import { CONFIDENTIAL, testClock, testServer, type Clock } from '../test-server.fixture.js'
import { REQUEST_URI, TRUSTED_ISSUER } from './valid-requests.fixture.js'

/** A server with every grant and feature. */
export interface FuzzServer {
  readonly server: AuthorizationServer
  readonly clock: Clock
  readonly keys: ClientKeys
  /** What went wrong inside of the server. */
  readonly faults: unknown[]
  /** The next response to a fetch of the server. */
  serve: (response: () => Response) => void
}

const NATIVE: ClientRecord = {
  clientId: 'native',
  applicationType: 'native',
  redirectUris: ['http://127.0.0.1/callback'],
  requireConsent: true,
}

export async function fuzzServer({
  clock = testClock(),
  ...options
}: Pick<AuthorizationServerOptions, 'stores'> & { readonly clock?: Clock } = {}): Promise<FuzzServer> {
  const keys = await clientKeys()
  const { jwks } = signingClient(keys)
  const faults: unknown[] = []
  const clients = clientStore(memoryStore({ now: clock.now }))
  const signer: ClientRecord = { clientId: 'signer', redirectUris: [], tokenEndpointAuthMethod: 'private_key_jwt', jwks }
  const all = [
    signingClient(keys, { requestUris: [REQUEST_URI], idTokenSignedResponseAlg: 'ES256' }),
    CONFIDENTIAL,
    NATIVE,
    signer,
  ]
  await Promise.all(all.map((client) => clients.saveClient(client)))
  let respond = (): Response => new Response()
  const types = { payment: { check: () => undefined } }
  const { server } = await testServer(
    {
      ...options,
      clients,
      grants: [
        ...[authorizationCode(), hybrid(), implicit(), refreshToken(), password(), clientCredentials()],
        ...[
          tokenExchange({ isAllowed: () => true }),
          jwtBearer({ trustedIssuers: [{ issuer: TRUSTED_ISSUER, ...(jwks && { jwks }) }] }),
        ],
      ],
      features: [
        device(),
        ciba({ readLoginHintToken: (token) => token }),
        registration({ authorizationDetailsTypes: ['payment'] }),
        rar({ types }),
      ],
      hooks: { onError: (error) => void faults.push(error) },
      fetch: () => Promise.resolve(respond()),
    },
    clock,
  )
  return { server, clock, keys, faults, serve: (response) => void (respond = response) }
}
