// A protected API on a third origin: returns the subject of a valid access token.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen } from './loopback.js'
import type { TestAuthorizationServer } from './authorization-server.js'

export interface ProtectedApi {
  readonly url: string
  /** `Authorization` of each call, preflights excluded, in order. */
  readonly calls: readonly (string | undefined)[]
  close(): Promise<void>
}

export async function startProtectedApi(appOrigin: string, claimsOf: TestAuthorizationServer['claimsOf']): Promise<ProtectedApi> {
  const host = await listen()
  const calls: Array<string | undefined> = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> => {
    response.setHeader('Access-Control-Allow-Origin', appOrigin)
    response.setHeader('Access-Control-Allow-Headers', 'Authorization')
    response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate')
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const { authorization } = request.headers
    calls.push(authorization)
    const claims = authorization?.startsWith('Bearer ') ? await claimsOf(authorization.slice('Bearer '.length)) : undefined
    if (claims) return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ sub: claims['sub'] }))
    // RFC 6750, section 3: without credentials no error code.
    const challenge = authorization ? 'Bearer error="invalid_token"' : 'Bearer'
    return response.writeHead(401, { 'WWW-Authenticate': challenge }).end()
  }
  host.serve((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  return { url: `http://127.0.0.1:${host.port}/me`, calls, close: () => host.close() }
}
