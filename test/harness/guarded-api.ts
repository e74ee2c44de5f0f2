// A protected API that checks its tokens itself (RFC 9068, RFC 9449), by oauth4webapi's functions for resource servers.
import { randomUUID } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { listen } from './loopback.js'

export interface ApiDemands {
  readonly issuer: string
  readonly appOrigin: string
  /** DPoP proofs need the API's own nonce. @see RFC 9449, section 9 */
  readonly requireNonce: boolean
}

export interface GuardedApi {
  /** Its resource indicator (RFC 8707), and where it is. */
  readonly indicator: string
  /** Returns the subject of the token. */
  readonly url: string
  /** Requires a sign-in with this `acr`. @see RFC 9470 */
  readonly strongUrl: (acr: string) => string
  /** Statuses of the responses, preflights excluded, in order. */
  readonly answers: readonly number[]
  /** The claims of the received tokens, in order. */
  readonly tokens: ReadonlyArray<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

export async function startGuardedApi(demands: ApiDemands): Promise<GuardedApi> {
  const host = await listen()
  const indicator = `http://127.0.0.1:${host.port}/`
  const nonce = randomUUID()
  const answers: number[] = []
  const tokens: Array<Readonly<Record<string, unknown>>> = []

  async function answer(request: Request): Promise<Response> {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: cors(demands.appOrigin) })
    const response = await guarded(request)
    for (const [name, value] of Object.entries(cors(demands.appOrigin))) response.headers.set(name, value)
    answers.push(response.status)
    return response
  }

  async function guarded(request: Request): Promise<Response> {
    if (demands.requireNonce && nonceOf(request) !== nonce) {
      const headers = { 'WWW-Authenticate': 'DPoP error="use_dpop_nonce"', 'DPoP-Nonce': nonce }
      return new Response(null, { status: 401, headers })
    }
    const claims = await verify(request)
    if (claims instanceof Response) return claims
    tokens.push({ ...claims })
    const acr = new URL(request.url).searchParams.get('acr')
    if (acr !== null && claims['acr'] !== acr)
      return refusal(`Bearer error="insufficient_user_authentication", acr_values="${acr}"`)

    return Response.json({ sub: claims['sub'] })
  }

  async function verify(request: Request): Promise<oauth.JWTAccessTokenClaims | Response> {
    try {
      const server = await oauth
        .discoveryRequest(new URL(demands.issuer), { [oauth.allowInsecureRequests]: true })
        .then((found) => oauth.processDiscoveryResponse(new URL(demands.issuer), found))
      return await oauth.validateJwtAccessToken(server, request, indicator, { [oauth.allowInsecureRequests]: true })
    } catch (error) {
      return refusal(`${request.headers.has('dpop') ? 'DPoP' : 'Bearer'} error="invalid_token"`, error)
    }
  }

  const listener = getRequestListener(answer)
  host.serve((request, response) => void listener(request, response))
  return {
    indicator,
    url: `${indicator}me`,
    strongUrl: (acr) => `${indicator}me?acr=${encodeURIComponent(acr)}`,
    answers,
    tokens,
    close: () => host.close(),
  }
}

function refusal(challenge: string, error?: unknown): Response {
  return new Response(error instanceof Error ? error.message : null, { status: 401, headers: { 'WWW-Authenticate': challenge } })
}

function nonceOf(request: Request): unknown {
  const proof = request.headers.get('dpop')
  return proof === null ? undefined : decodeJwt(proof)['nonce']
}

function cors(origin: string): Readonly<Record<string, string>> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Headers': 'Authorization, DPoP',
    'Access-Control-Expose-Headers': 'WWW-Authenticate, DPoP-Nonce',
  }
}
