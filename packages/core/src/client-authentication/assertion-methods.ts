import type { ClientAuthenticationFunction, ClientIdentity } from '../protocol/client-authentication.js'
import { withParameters } from './secret-methods.js'
import { signAssertion, type AssertionKey } from './signed-assertion.js'

/** Options of a signed assertion, apart from its key. */
export interface AssertionOptions {
  /** JWS algorithm. @see RFC 7518, section 3.1 */
  readonly alg?: string | undefined
  /** `aud` of the assertion. Default: the issuer; some servers require their token endpoint. */
  readonly audience?: 'issuer' | 'token_endpoint' | (string & {}) | undefined
  /** Additional claims. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Additional members of the JOSE header. */
  readonly header?: Readonly<Record<string, unknown>> | undefined
  /** Seconds until the assertion expires. Default 60. */
  readonly lifetime?: number | undefined
}

/** Options of `privateKeyJwt`. */
export interface PrivateKeyJwtOptions extends AssertionOptions {
  /** The client's private key. */
  readonly key: AssertionKey
  /** Key ID in the JOSE header, for servers that know several keys of the client. */
  readonly kid?: string | undefined
}

/** See `privateKeyJwt` of the package. */
export function keyJwt({ key, kid, alg = 'RS256', ...options }: PrivateKeyJwtOptions): ClientAuthenticationFunction {
  const header = { ...options.header, alg, ...(kid !== undefined && { kid }) }
  return (request, server, client) => withAssertion(request, { server, client, key, header, options })
}

/** See `clientSecretJwt` of the package. */
export function secretJwt(clientSecret: string, options: AssertionOptions = {}): ClientAuthenticationFunction {
  const key = new TextEncoder().encode(clientSecret)
  const header = { ...options.header, alg: options.alg ?? 'HS256' }
  return (request, server, client) => withAssertion(request, { server, client, key, header, options })
}

interface AssertionMethod {
  readonly server: Parameters<ClientAuthenticationFunction>[1]
  readonly client: ClientIdentity
  readonly key: AssertionKey
  readonly header: { readonly alg: string }
  readonly options: AssertionOptions
}

async function withAssertion(request: Request, { server, client, key, header, options }: AssertionMethod): Promise<Request> {
  const assertion = await signAssertion({
    key,
    header,
    issuer: client.clientId,
    subject: client.clientId,
    audience: audienceOf(server, request, options.audience),
    claims: options.claims,
    now: Math.floor(Date.now() / 1000 + (client.clockOffsetSeconds ?? 0)),
    lifetime: options.lifetime ?? 60,
  })
  return withParameters(request, {
    client_id: client.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
}

function audienceOf(
  server: AssertionMethod['server'],
  request: Request,
  audience: AssertionOptions['audience'] = 'issuer',
): string {
  if (audience === 'token_endpoint') return server.token_endpoint ?? request.url
  return audience === 'issuer' ? server.issuer : audience
}
