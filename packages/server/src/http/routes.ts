import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import { approvalPage } from '../features/ciba/approval-endpoint.js'
import { authorize } from '../authorize/authorize.js'
import { backchannelAuthentication } from '../features/ciba/backchannel-authentication.js'
import { deviceAuthorization } from '../features/device/device-authorization.js'
import { devicePage } from '../features/device/verification-endpoint.js'
import { endSession } from '../features/logout/end-session.js'
import { errorResponse } from './json-response.js'
import { introspection } from '../resource/introspection.js'
import { jwks } from '../resource/jwks.js'
import { metadata } from '../resource/metadata.js'
import { pushedAuthorization } from '../features/par/pushed-authorization.js'
import { configureClient, register } from '../features/registration/registration.js'
import { revocation } from '../resource/revocation.js'
import { sendPage } from './send-page.js'
import { token } from '../token/token.js'
import { asOAuthError } from './as-oauth-error.js'
import { userInfo } from '../resource/userinfo.js'
import { OAuthError } from './oauth-error.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'

/** Where the host's own `env`, which may be anything, travels through hono. */
export const HOST: unique symbol = Symbol('host')
type Env = { readonly Bindings: { readonly [HOST]: unknown } }

/** An endpoint: where it is, what it takes, who talks to it. */
interface Route {
  readonly path: string
  readonly methods: readonly string[]
  readonly answer: (exchange: Exchange) => Promise<Response>
  /** `page`: a person in a browser, faults are shown as a page; `script`: CORS, faults are JSON. */
  readonly audience: 'page' | 'script'
  /** Whether this server has it; always where it is left out. */
  readonly isServed?: (server: ServerParts) => boolean
}

const OPENID_CONFIGURATION = '/.well-known/openid-configuration'
const OAUTH_CONFIGURATION = '/.well-known/oauth-authorization-server'

/** All endpoints of the server, under the issuer's path. */
const ROUTES: readonly Route[] = [
  { path: '/authorize', methods: ['GET', 'POST'], answer: authorize, audience: 'page' },
  { path: '/end-session', methods: ['GET', 'POST'], answer: endSession, audience: 'page' },
  { path: '/device', methods: ['GET', 'POST'], answer: devicePage, audience: 'page', isServed: hasDeviceGrant },
  { path: '/token', methods: ['POST'], answer: token, audience: 'script' },
  { path: '/par', methods: ['POST'], answer: pushedAuthorization, audience: 'script' },
  { path: '/device_authorization', methods: ['POST'], answer: deviceAuthorization, audience: 'script', isServed: hasDeviceGrant },
  {
    path: '/backchannel_authentication',
    methods: ['POST'],
    answer: backchannelAuthentication,
    audience: 'script',
    isServed: hasCibaGrant,
  },
  { path: '/approve', methods: ['GET', 'POST'], answer: approvalPage, audience: 'page', isServed: hasCibaGrant },
  { path: '/userinfo', methods: ['GET', 'POST'], answer: userInfo, audience: 'script' },
  { path: '/revoke', methods: ['POST'], answer: revocation, audience: 'script' },
  { path: '/introspect', methods: ['POST'], answer: introspection, audience: 'script' },
  { path: '/register', methods: ['POST'], answer: register, audience: 'script', isServed: hasRegistration },
  {
    path: '/register/:id',
    methods: ['GET', 'PUT', 'DELETE'],
    answer: configureClient,
    audience: 'script',
    isServed: hasRegistration,
  },
  { path: '/jwks', methods: ['GET'], answer: jwks, audience: 'script' },
  { path: OPENID_CONFIGURATION, methods: ['GET'], answer: metadata, audience: 'script' },
  { path: OAUTH_CONFIGURATION, methods: ['GET'], answer: metadata, audience: 'script' },
]

function hasDeviceGrant({ grants }: ServerParts): boolean {
  return grants.some(({ device }) => device)
}

function hasCibaGrant({ grants }: ServerParts): boolean {
  return grants.some(({ ciba }) => ciba)
}

function hasRegistration({ registration }: ServerParts): boolean {
  return registration !== undefined
}

/** Headers that scripts of other origins must be able to read. */
const EXPOSED = ['WWW-Authenticate', 'DPoP-Nonce', 'Date', 'Retry-After']

/** @returns the path under the issuer, by which routes are named; RFC 8414, section 3.1 puts the issuer's path behind the well-known name */
export function pathUnderIssuer(pathname: string, { path }: Pick<ServerParts, 'path'>): string | undefined {
  if (path !== '' && pathname === OAUTH_CONFIGURATION + path) return OAUTH_CONFIGURATION
  if (path !== '' && pathname === OPENID_CONFIGURATION + path) return OPENID_CONFIGURATION
  if (pathname.startsWith(`${path}/`)) return pathname.slice(path.length)
  return undefined
}

/** @returns whether an endpoint that this server has lives under this path */
export function isEndpoint(path: string, server: ServerParts): boolean {
  const name = path.startsWith('/register/') ? '/register/:id' : path
  return ROUTES.some((route) => route.path === name && isServed(route, server))
}

function isServed(route: Route, server: ServerParts): boolean {
  return route.isServed?.(server) ?? true
}

/** @returns the application that answers all requests of a server */
export function createRoutes(server: ServerParts, corsOrigin: string | readonly string[]): Hono<Env> {
  const app = new Hono<Env>({ getPath: (request) => pathUnderIssuer(new URL(request.url).pathname, server) ?? '/not-found' })
  const allowCors = cors({
    origin: typeof corsOrigin === 'string' ? corsOrigin : [...corsOrigin],
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    allowHeaders: ['Authorization', 'Content-Type', 'DPoP', 'Accept'],
    exposeHeaders: EXPOSED,
    maxAge: 600,
  })
  for (const { path, methods, answer, audience } of ROUTES.filter((route) => isServed(route, server))) {
    if (audience === 'script') app.use(path, allowCors)
    app.on([...methods], path, (context) => answerTo(context, { server, answer, audience, path }))
    app.all(path, () => methodNotAllowed(methods, audience))
  }
  app.notFound(() => errorResponse(new OAuthError('not_found', 'there is no such endpoint', { status: 404 })))
  app.onError((error) => errorResponse(asOAuthError(error, server)))
  return app
}

async function answerTo(
  context: Context<Env>,
  { server, answer, audience, path }: Pick<Route, 'answer' | 'audience' | 'path'> & { readonly server: ServerParts },
): Promise<Response> {
  const request = context.req.raw
  const exchange: Exchange = { request, url: new URL(request.url), env: context.env[HOST], server, headers: new Headers() }
  const response = await limited(exchange, path)
    .then((refusal) => refusal ?? answer(exchange))
    .catch((error: unknown) => fault(asOAuthError(error, server), audience, server))
  if ([...exchange.headers].length === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of exchange.headers) headers.append(name, value)
  return new Response(response.body, { status: response.status, headers })
}

async function limited({ request, env, server }: Exchange, endpoint: string): Promise<Response | undefined> {
  const seconds = await server.hooks.rateLimit?.({ request, endpoint, env })
  if (!seconds) return undefined
  server.emit({ type: 'rate_limited', endpoint })
  const headers = { 'retry-after': String(Math.ceil(seconds)) }
  return errorResponse(new OAuthError('temporarily_unavailable', 'too many requests', { status: 429, headers }))
}

async function fault(error: OAuthError, audience: Route['audience'], server: ServerParts): Promise<Response> {
  if (audience === 'script') return errorResponse(error)
  const { error: code, description, status } = error
  return sendPage(await server.site.renderErrorPage({ error: code, description, status }), server)
}

function methodNotAllowed(methods: readonly string[], audience: Route['audience']): Response {
  const allow = [...methods, ...(audience === 'script' ? ['OPTIONS'] : [])].join(', ')
  return errorResponse(
    new OAuthError('invalid_request', `this endpoint takes ${methods.join(' and ')}`, { status: 405, headers: { allow } }),
  )
}
