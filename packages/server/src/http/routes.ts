import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import type { ServerContext } from '../options/server-context.js'
import { asOAuthError } from './as-oauth-error.js'
import { errorResponse } from './json-response.js'
import { OAuthError } from './oauth-error.js'
import { isReboundHost } from './loopback.js'
import { hasOtherSpelling } from './request-target.js'
import type { RequestContext } from './request-context.js'
import type { Route } from './route.js'
import { sendPage } from './send-page.js'

/** Passes the host's `env`, which may be anything, through hono. */
export const HOST_ENV: unique symbol = Symbol('host-env')
type Env = { readonly Bindings: { readonly [HOST_ENV]: unknown } }

/** The path of OpenID Connect Discovery 1.0, section 4. */
export const OPENID_CONFIGURATION = '/.well-known/openid-configuration'
/** The path of RFC 8414, section 3. */
export const OAUTH_CONFIGURATION = '/.well-known/oauth-authorization-server'

/** A path that no route has. */
const NO_ROUTE = '/not-found'

/** Headers that scripts of other origins may read. */
const EXPOSED_HEADERS = ['WWW-Authenticate', 'DPoP-Nonce', 'Date', 'Retry-After']

/** Returns the path under the issuer, as routes have it. RFC 8414, section 3.1 puts the issuer's path behind the well-known one. */
export function pathUnderIssuer(pathname: string, { path }: Pick<ServerContext, 'path'>): string | undefined {
  if (path !== '' && pathname === OAUTH_CONFIGURATION + path) return OAUTH_CONFIGURATION
  if (path !== '' && pathname === OPENID_CONFIGURATION + path) return OPENID_CONFIGURATION
  if (pathname.startsWith(`${path}/`)) return pathname.slice(path.length)
  return undefined
}

/** Tells whether one of the routes has this path. */
export function matchesRoute(path: string, routes: readonly Pick<Route, 'path'>[]): boolean {
  return routes.some((route) => {
    const [parent, parameter] = route.path.split('/:')
    if (parameter === undefined) return route.path === path
    return path.startsWith(`${parent}/`)
  })
}

/** Creates the application that handles all requests of a server. */
export function createRoutes<Server extends ServerContext>(
  server: Server,
  routes: readonly Route<Server>[],
  corsOrigin: string | readonly string[],
): Hono<Env> {
  const pathOf = (request: Request): string => pathUnderIssuer(new URL(request.url).pathname, server) ?? NO_ROUTE
  const app = new Hono<Env>({
    getPath: (request, options) => (hasOtherSpelling(options?.env?.[HOST_ENV]) ? NO_ROUTE : pathOf(request)),
  })
  const allowCors = cors({
    origin: typeof corsOrigin === 'string' ? corsOrigin : [...corsOrigin],
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    allowHeaders: ['Authorization', 'Content-Type', 'DPoP', 'Accept'],
    exposeHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  })
  for (const route of routes) {
    const { path, methods, audience } = route
    if (audience === 'script') app.use(path, allowCors)
    app.on([...methods], path, (honoContext) => handleRoute(honoContext, route, server))
    app.all(path, () => methodNotAllowed(methods, audience))
  }
  app.notFound(() => errorResponse(new OAuthError('not_found', 'there is no such endpoint', { status: 404 })))
  app.onError((error) => errorResponse(asOAuthError(error, server)))
  return app
}

async function handleRoute<Server extends ServerContext>(
  { req, env }: Context<Env>,
  { handle, audience, path }: Route<Server>,
  server: Server,
): Promise<Response> {
  const request = req.raw
  const url = new URL(request.url)
  if (audience === 'page' && isReboundHost(url, server.issuer)) return refuseHost()
  // A link checker must not use up a request, or get a code.
  if (audience === 'page' && request.method === 'HEAD') return new Response(null, { headers: { 'cache-control': 'no-store' } })
  const context: RequestContext<Server> = { request, url, env: env[HOST_ENV], server, headers: new Headers() }
  const response = await limitRate(context, path)
    .then((refusal) => refusal ?? handle(context))
    .catch((error: unknown) => respondToError(asOAuthError(error, server), audience, server))
  if ([...context.headers].length === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of context.headers) headers.append(name, value)
  return new Response(response.body, { status: response.status, headers })
}

function refuseHost(): Response {
  const description = 'this server is for this machine only and does not accept the host of the request'
  return errorResponse(new OAuthError('invalid_request', description, { status: 403 }))
}

async function limitRate({ request, env, server }: RequestContext, endpoint: string): Promise<Response | undefined> {
  const seconds = await server.hooks.rateLimit?.({ request, endpoint, env })
  if (!seconds) return undefined
  server.emit({ type: 'rate_limited', endpoint })
  const headers = { 'retry-after': String(Math.ceil(seconds)) }
  return errorResponse(new OAuthError('temporarily_unavailable', 'too many requests', { status: 429, headers }))
}

async function respondToError(error: OAuthError, audience: Route['audience'], server: ServerContext): Promise<Response> {
  if (audience === 'script') return errorResponse(withChallenge(error, server))
  const { error: code, description, status } = error
  return sendPage(await server.site.renderErrorPage({ error: code, description, status }), server)
}

/** Every 401 has a challenge, also if the credentials were in the body. @see RFC 9110, section 15.5.2 */
function withChallenge(error: OAuthError, { issuer }: ServerContext): OAuthError {
  const { description, status, uri, kind, headers, cause } = error
  if (status !== 401 || 'www-authenticate' in headers) return error
  const challenge = `${error.error === 'invalid_client' ? 'Basic' : 'Bearer'} realm="${issuer}"`
  const details = { status, kind, cause, headers: { ...headers, 'www-authenticate': challenge } }
  return new OAuthError(error.error, description, uri === undefined ? details : { ...details, uri })
}

function methodNotAllowed(methods: readonly string[], audience: Route['audience']): Response {
  const allow = [...methods, ...(audience === 'script' ? ['OPTIONS'] : [])].join(', ')
  const description = `this endpoint supports ${methods.join(' and ')}`
  return errorResponse(new OAuthError('invalid_request', description, { status: 405, headers: { allow } }))
}
