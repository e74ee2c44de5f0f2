import type { Connection } from '../connection/connection.js'
import { clientOptionsCode, literal } from './sample.js'

/** Function names of `@latchkey/core/client-auth`, by authentication method. */
const methodFunctions = {
  client_secret_basic: 'clientSecretBasic',
  client_secret_post: 'clientSecretPost',
  client_secret_jwt: 'clientSecretJwt',
} as const

/** A way in which a client with a secret authenticates. */
export type SecretMethod = keyof typeof methodFunctions

export function clientCredentialsCode(connection: Connection, method: SecretMethod): string {
  const name = methodFunctions[method]
  return `
// On a server: a page cannot keep a secret.
import { ${name} } from '@latchkey/core/client-auth'
import { clientCredentialsGrant } from '@latchkey/core/grants'

const client = { issuer: ${literal(connection.issuer)}, clientId: ${literal(connection.clientId)} }

export async function requestToken(secret: string): Promise<string> {
  const clientAuth = ${name}(secret)
  const { accessToken } = await clientCredentialsGrant(client, { clientAuth, scope: 'email' })
  return accessToken
}
`
}

/** @param subject the user to act for */
export function serviceAccountCode({ issuer }: Connection, subject: string): string {
  return `
// On a server: a page must not have the key.
import { assertionSession } from '@latchkey/core/grants'

export function serviceApi(key: CryptoKey) {
  return assertionSession({
    tokenEndpoint: ${literal(`${issuer}/token`)},
    issuer: 'https://service.example.com',
    subject: ${literal(subject)},
    audience: ${literal(issuer)},
    key,
    header: { alg: 'ES256' },
    scope: 'email',
    resources: ['https://api.example.com/'],
  })
}
// const response = await serviceApi(key).fetch('https://api.example.com/orders')
`
}

export function passwordCode(connection: Connection): string {
  return `
import { createOAuthClient } from '@latchkey/core'
import { passwordGrant } from '@latchkey/core/grants'

const client = createOAuthClient(${clientOptionsCode(connection)})

export async function signIn(username: string, password: string): Promise<void> {
  await passwordGrant(client, { username, password })
}
`
}

interface ExchangeOptions {
  readonly scope: string
  readonly audience: string
}

export function exchangeCode(connection: Connection, { scope, audience }: ExchangeOptions): string {
  const options = [scope && `scope: ${literal(scope)}`, audience && `audience: ${literal(audience)}`].filter(Boolean)
  return `
import { createOAuthClient } from '@latchkey/core'
import { tokenExchange } from '@latchkey/core/grants'

const client = createOAuthClient(${clientOptionsCode(connection)})

export async function narrowToken(): Promise<string> {
  const subjectToken = await client.getAccessToken()
  const { accessToken } = await tokenExchange(client, {
    ${['subjectToken', ...options].join(',\n    ')},
  })
  return accessToken
}
`
}

interface CibaOptions {
  /** Empty for none. */
  readonly bindingMessage: string
  /** Seconds; undefined for the server's default. */
  readonly requestedExpiry?: number | undefined
}

export function cibaCode({ issuer, clientId }: Connection, { bindingMessage, requestedExpiry }: CibaOptions): string {
  const options = [
    'loginHint',
    'clientAuth',
    bindingMessage && `bindingMessage: ${literal(bindingMessage)}`,
    requestedExpiry !== undefined && `requestedExpiry: ${requestedExpiry}`,
  ].filter(Boolean)
  return `
// On a server: the client authenticates with a secret.
import { clientSecretBasic } from '@latchkey/core/client-auth'
import { ciba } from '@latchkey/core/grants'

export async function approve(loginHint: string, secret: string): Promise<string> {
  const client = { issuer: ${literal(issuer)}, clientId: ${literal(clientId)}, scope: 'openid email' }
  const clientAuth = clientSecretBasic(secret)
  const request = await ciba(client, {
    ${options.join(',\n    ')},
  })
  const { accessToken } = await request.poll()
  return accessToken
}
`
}

export function introspectionCode({ issuer, clientId }: Connection): string {
  return `
// In your API: it authenticates with a secret.
import { clientSecretBasic } from '@latchkey/core/client-auth'
import { introspectToken } from '@latchkey/core/endpoints'

export async function isActive(token: string, secret: string): Promise<boolean> {
  const clientAuth = clientSecretBasic(secret)
  const client = { issuer: ${literal(issuer)}, clientId: ${literal(clientId)}, clientAuth }
  const { active } = await introspectToken(client, { token })
  return active
}
`
}

export function registrationCode({ issuer }: Connection, clientName: string): string {
  return `
import { registerClient } from '@latchkey/core/endpoints'

export async function register(): Promise<string> {
  const { client_id } = await registerClient(
    { issuer: ${literal(issuer)} },
    {
      client_name: ${literal(clientName)},
      redirect_uris: [location.origin + '/'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  )
  return client_id
}
`
}

export function signedRequestCode(connection: Connection, delivery: 'value' | 'reference' | 'pushed'): string {
  const publish = delivery === 'reference' ? ', publish' : ''
  const publishCode =
    delivery === 'reference'
      ? `
// Stores the signed request where the server can fetch it, and returns the registered address.
async function publish(requestObject: string): Promise<string> {
  const url = location.origin + '/request-objects/1'
  await fetch(url, { method: 'PUT', body: requestObject })
  return url
}
`
      : ''
  return `
import { createOAuthClient } from '@latchkey/core'

const options = ${clientOptionsCode(connection)}

export function createClient(key: CryptoKey) {
  return createOAuthClient({
    ...options,
    requestObject: { key${publish} },${delivery === 'pushed' ? '\n    par: true,' : ''}
  })
}
${publishCode}`
}
