import type { ServerContext } from '../options/server-context.js'
import { asOAuthError } from './as-oauth-error.js'
import { createCors } from './cors.js'
import { errorResponse } from './json-response.js'
import { OAuthError } from './oauth-error.js'
import { isReboundHost } from './loopback.js'
import { Reply, withHeaders, type ReplyHandler, type RouteResult } from './reply.js'
import { hasOtherSpelling, pathOf } from './request-target.js'
import type { RequestContext } from './request-context.js'
import type { Route } from './route.js'
import { sendPage } from './send-page.js'

/** The path of OpenID Connect Discovery 1.0, section 4. */
export const OPENID_CONFIGURATION = '/.well-known/openid-configuration'
/** The path of RFC 8414, section 3. */
export const OAUTH_CONFIGURATION = '/.well-known/oauth-authorization-server'

/** In the methods of a route: all of them. */
const ANY_METHOD = 'ALL'

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

/** Creates the function that handles all requests of a server. It never rejects. */
export function createRoutes<Server extends ServerContext>(
  server: Server,
  routes: readonly Route<Server>[],
  corsOrigin: string | readonly string[],
): ReplyHandler {
  const find = routeFinder(routes)
  const cors = createCors(corsOrigin)
  const dispatch = async (request: Request, env: unknown): Promise<RouteResult> => {
    const path = hasOtherSpelling(env) ? undefined : pathUnderIssuer(pathOf(request.url), server)
    const found = path === undefined ? [] : find(path)
    if (found.length === 0) return errorResponse(new OAuthError('not_found', 'there is no such endpoint', { status: 404 }))
    const isForScripts = found.some(({ audience }) => audience === 'script')
    if (isForScripts && request.method === 'OPTIONS') return cors.preflight(request)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = found.find(({ methods }) => methods.includes(method) || methods.includes(ANY_METHOD))
    const result = route
      ? await handleRoute({ request, env, server }, route).catch((error: unknown) => errorResponse(asOAuthError(error, server)))
      : methodNotAllowed([...new Set(found.flatMap(({ methods }) => methods))], isForScripts)
    return isForScripts ? cors.expose(result, request) : result
  }
  return async (request, env) => {
    const result = await dispatch(request, env)
    return request.method === 'HEAD' ? withoutBody(result) : result
  }
}

/** Returns a function that finds the routes of a path. The last segment of a path may be a parameter. */
function routeFinder<Server extends ServerContext>(routes: readonly Route<Server>[]): (path: string) => readonly Route<Server>[] {
  const exact = new Map<string, readonly Route<Server>[]>()
  for (const route of routes) exact.set(route.path, [...(exact.get(route.path) ?? []), route])
  const parametric = [...exact].filter(([path]) => path.includes('/:'))
  return (path) => {
    const found = exact.get(path)
    if (found) return found
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    if (parent === path) return []
    return parametric.find(([pattern]) => pattern.slice(0, pattern.indexOf('/:') + 1) === parent)?.[1] ?? []
  }
}

function withoutBody(result: RouteResult): RouteResult {
  const { status } = result
  return result instanceof Reply
    ? new Reply(null, status, result.headers)
    : new Response(null, { status, headers: result.headers })
}

async function handleRoute<Server extends ServerContext>(
  { request, env, server }: Pick<RequestContext<Server>, 'request' | 'env' | 'server'>,
  { handle, audience, path }: Route<Server>,
): Promise<RouteResult> {
  let url: URL | undefined
  let headers: Headers | undefined
  // Most requests need neither, and both take time.
  const context: RequestContext<Server> = {
    request,
    env,
    server,
    get url() {
      return (url ??= new URL(request.url))
    },
    get headers() {
      return (headers ??= new Headers())
    },
  }
  if (audience === 'page' && isReboundHost(context.url, server.issuer)) return refuseHost()
  // A link checker must not use up a request, or get a code.
  if (audience === 'page' && request.method === 'HEAD') return new Reply(null, 200, { 'cache-control': 'no-store' })
  const result = await respond(context, handle, path).catch((error: unknown) =>
    respondToError(asOAuthError(error, server), audience, server),
  )
  return headers ? withHeaders(result, headers) : result
}

async function respond<Server extends ServerContext>(
  context: RequestContext<Server>,
  handle: Route<Server>['handle'],
  endpoint: string,
): Promise<RouteResult> {
  const { request, env, server } = context
  const seconds = server.hooks.rateLimit?.({ request, endpoint, env })
  return (seconds && limitRate(await seconds, endpoint, server)) || handle(context)
}

function refuseHost(): RouteResult {
  const description = 'this server has no https and accepts only its own host name in requests for pages'
  return errorResponse(new OAuthError('invalid_request', description, { status: 403 }))
}

function limitRate(seconds: number | undefined, endpoint: string, server: ServerContext): RouteResult | undefined {
  if (!seconds) return undefined
  server.emit({ type: 'rate_limited', endpoint })
  const headers = { 'retry-after': String(Math.ceil(seconds)) }
  return errorResponse(new OAuthError('temporarily_unavailable', 'too many requests', { status: 429, headers }))
}

async function respondToError(error: OAuthError, audience: Route['audience'], server: ServerContext): Promise<RouteResult> {
  if (audience === 'script') return errorResponse(withChallenge(error, server))
  const { error: code, description, status, registration } = error
  return sendPage(await server.site.renderErrorPage({ error: code, description, status, registration }), server)
}

/** Every 401 has a challenge, also if the credentials were in the body. @see RFC 9110, section 15.5.2 */
function withChallenge(error: OAuthError, { issuer }: ServerContext): OAuthError {
  const { description, status, uri, kind, headers, cause } = error
  if (status !== 401 || 'www-authenticate' in headers) return error
  const challenge = `${error.error === 'invalid_client' ? 'Basic' : 'Bearer'} realm="${issuer}"`
  const details = { status, kind, cause, headers: { ...headers, 'www-authenticate': challenge } }
  return new OAuthError(error.error, description, uri === undefined ? details : { ...details, uri })
}

/** @param methods of all routes of the path. @see RFC 9110, section 15.5.6 */
function methodNotAllowed(methods: readonly string[], isForScripts: boolean): RouteResult {
  const allow = [...methods, ...(isForScripts ? ['OPTIONS'] : [])].join(', ')
  const description = `this endpoint supports ${methods.join(' and ')}`
  return errorResponse(new OAuthError('invalid_request', description, { status: 405, headers: { allow } }))
}
