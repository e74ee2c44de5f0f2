import { AUTH_METHODS } from '../token/client-authentication/authenticate-client.js'
import { HMAC_ALGORITHMS } from '../token/client-authentication/client-key.js'
import { authMethod } from '../token/grants/client-may.js'
import type { AuthorizationServerOptions } from './server-options.js'
import type { ServerContext } from './server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { ASSERTION_ALGORITHMS } from '../token/assertion.js'

/** Throws a TypeError that names an option which would otherwise only fail at the first sign-in. */
export function checkOptions(options: AuthorizationServerOptions): void {
  checkIssuer(options.issuer)
  checkSite(options.site)
  const { clients, sessionLifetime = 1 } = options
  if (typeof clients !== 'object' || clients === null || !(Array.isArray(clients) || 'findClient' in clients))
    throw new TypeError('clients: expected a list of clients, or a ClientStore with "findClient"')

  if (!(sessionLifetime > 0)) throw new TypeError('sessionLifetime: expected seconds above 0')
}

/** @see RFC 8414, section 2: a URL without query and fragment. http is for loopback and development. */
function checkIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || issuer.includes('?') || issuer.includes('#'))
    throw new TypeError('issuer: expected an http or https URL without query and fragment (RFC 8414, section 2)')

  if (url.username !== '' || url.password !== '')
    throw new TypeError('issuer: expected a URL without user name and password, since it is public')
}

function checkSite(site: unknown): void {
  for (const method of ['authenticate', 'renderAuthorizationPage', 'userDeniedAccess']) {
    if (typeof site !== 'object' || site === null || typeof Reflect.get(site, method) !== 'function')
      throw new TypeError(`site: expected a SiteAdapter, such as userSite({ users }); it has no "${method}"`)
  }
}

type Limits = Pick<ServerContext, 'keys' | 'authenticateClient'>

/** Throws a TypeError for a listed client that could not authenticate, or whose algorithms the server does not support. */
export function checkListedClient(client: ClientRecord, { keys: { algorithms }, authenticateClient }: Limits): void {
  for (const member of ['idTokenSignedResponseAlg', 'userinfoSignedResponseAlg']) {
    const alg = client[member]
    if (typeof alg === 'string' && !algorithms.includes(alg)) throw wrong(client, member, `one of ${algorithms.join(', ')}`)
  }
  const method = authMethod(client)
  if (AUTH_METHODS.includes(method)) checkCredentials(client, method)
  // Custom client authentication may have a custom name.
  else if (!authenticateClient) throw wrong(client, 'tokenEndpointAuthMethod', `one of ${AUTH_METHODS.join(', ')}`)
}

function checkCredentials(client: ClientRecord, method: string): void {
  const { clientSecret, jwks, jwksUri } = client
  if (method.endsWith('_jwt'))
    checkAssertionAlgorithm(client, method === 'private_key_jwt' ? ASSERTION_ALGORITHMS : HMAC_ALGORITHMS)
  if (method === 'private_key_jwt' && !jwks && !jwksUri)
    throw wrong(client, 'jwks', 'public keys here or at "jwksUri", for private_key_jwt')
  if (method.startsWith('client_secret') && clientSecret === undefined)
    throw wrong(client, 'clientSecret', `a secret, for ${method}`)
  if (method === 'client_secret_jwt' && clientSecret?.startsWith('sha256:'))
    throw wrong(client, 'clientSecret', 'the secret itself, for client_secret_jwt')
}

function checkAssertionAlgorithm(client: ClientRecord, known: readonly string[]): void {
  const { tokenEndpointAuthSigningAlg: alg } = client
  if (alg !== undefined && !known.includes(alg)) throw wrong(client, 'tokenEndpointAuthSigningAlg', `one of ${known.join(', ')}`)
}

function wrong({ clientId }: ClientRecord, member: string, expected: string): TypeError {
  return new TypeError(`clients: "${member}" of "${clientId}": expected ${expected}`)
}
