import type { IncomingMessage, ServerResponse } from 'node:http'
import { createTokenVerifier, type TokenRequirements, type TokenVerifier } from '@latchkey/resource'
import { toNodeGuard } from '@latchkey/resource/node'
import type { Connect, Plugin } from 'vite'
import { originOf } from './origin-of.js'

/** Where the API is. */
export const API_PATH = '/api'

/** Origins served at the same time. A browser uses one or two, but a `Host` header can contain any port. */
const MAX_ORIGINS = 16

/** `me` accepts any token, `admin` one with that scope, and `fresh` one whose user has just signed in. */
const ENDPOINTS: Readonly<Record<string, TokenRequirements>> = { me: {}, admin: { scope: 'admin' }, fresh: { maxAge: 30 } }

/** Creates a Vite plugin with an API that `@latchkey/resource` protects, in the dev and preview servers. `issuerPath` is that of the server. */
export function guardedApi(issuerPath: string): Plugin {
  const handle = createGuardedApi(issuerPath)
  return {
    name: 'guarded-api',
    configureServer: ({ middlewares }) => void middlewares.use(handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(handle),
  }
}

/** Creates the API as middleware. */
export function createGuardedApi(issuerPath: string): Connect.NextHandleFunction {
  const verifiers = new Map<string, TokenVerifier>()
  return (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (!pathname.startsWith(`${API_PATH}/`)) return next()
    const origin = originOf(request)
    if (origin === undefined) return void response.writeHead(403).end('Open the playground at localhost or 127.0.0.1.\n')
    const requirements = ENDPOINTS[pathname.slice(API_PATH.length + 1)]
    if (!requirements) return sendJson(response, 404, { error: 'not_found', known: Object.keys(ENDPOINTS) })
    const exchange = { request, response, requirements }
    const fail = (error: unknown): void => next(error)
    respond(exchange, verifierAt(origin, issuerPath, verifiers)).catch(fail)
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requirements: TokenRequirements
}

async function respond({ request, response, requirements }: Exchange, verifier: TokenVerifier): Promise<void> {
  const token = await toNodeGuard(verifier, requirements)(request, response)
  if (!token) return
  const { sub, clientId, scope, claims } = token
  const user = sub === clientId ? undefined : sub
  sendJson(response, 200, { message: `Hello, ${sub}`, sub: user, client_id: clientId, scope: scope.join(' '), exp: claims.exp })
}

/** Only the request shows whether the playground, and with it the issuer, is at `localhost` or `127.0.0.1`. */
function verifierAt(origin: string, issuerPath: string, verifiers: Map<string, TokenVerifier>): TokenVerifier {
  const issuer = origin + issuerPath
  // Tokens that were requested without a resource are for the issuer. The clock is the server's own.
  const verifier = verifiers.get(origin) ?? createTokenVerifier({ issuer, audience: issuer, metadata: false, clockTolerance: 0 })
  verifiers.delete(origin)
  verifiers.set(origin, verifier)
  const oldest = verifiers.keys().next().value
  if (verifiers.size > MAX_ORIGINS && oldest !== undefined) verifiers.delete(oldest)
  return verifier
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}
