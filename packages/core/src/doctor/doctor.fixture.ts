import { diagnoseSetup } from './diagnose.js'
import type { Diagnosis } from './examine.js'
import type { Setup } from './setup.js'
import { sharedKey } from '../protocol/test-server.fixture.js'

export const ISSUER = 'https://id.example.com'
export const APP = 'https://app.example.com'
export const REDIRECT_URI = `${APP}/callback`

/** What a test changes in a set-up that works. */
export interface Broken {
  /** Responds instead of the server or the app. */
  readonly respond?: (request: Request) => Response | undefined | Promise<Response | undefined>
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly keys?: readonly object[]
  /** Headers of the app's page. */
  readonly appHeaders?: Readonly<Record<string, string>>
  /** Milliseconds that the server's clock is ahead. */
  readonly clockAhead?: number
  readonly setup?: Partial<Setup>
}

/** Examines a set-up in which everything works, except for what is broken. */
export async function diagnoseBroken(broken: Broken = {}): Promise<Diagnosis> {
  const setup = { issuer: ISSUER, clientId: 'spa', redirectUri: REDIRECT_URI, scope: 'openid offline_access', ...broken.setup }
  return diagnoseSetup(setup, { fetch: await brokenFetch(broken) })
}

/** The network of a set-up. */
export async function brokenFetch(broken: Broken = {}): Promise<typeof fetch> {
  const { publicJwk } = await sharedKey('RS256', 'key-1')
  const keys = broken.keys ?? [publicJwk]
  return async (input, init) => {
    const request = new Request(input, init)
    return (await broken.respond?.(request)) ?? respond(request, { ...broken, keys })
  }
}

function respond(request: Request, broken: Broken): Response {
  const url = new URL(request.url)
  if (url.origin === APP)
    return new Response('<!doctype html><title>app</title>', { headers: { 'content-type': 'text/html', ...broken.appHeaders } })
  if (url.origin !== ISSUER) throw new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })
  const date = new Date(Date.now() + (broken.clockAhead ?? 0)).toUTCString()
  const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'Authorization', date }
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
  switch (url.pathname) {
    case '/.well-known/openid-configuration':
      return Response.json({ ...METADATA, ...broken.metadata }, { headers })
    case '/jwks':
      return Response.json({ keys: broken.keys }, { headers })
    case '/authorize':
      return redirectTo(request, { error: 'login_required' })
    case '/token':
      return Response.json({ error: 'invalid_grant' }, { status: 400, headers })
    case '/userinfo':
      return Response.json({ error: 'invalid_token' }, { status: 401, headers })
    default:
      return new Response('<h1>Not found</h1>', { status: 404, headers: { 'content-type': 'text/html' } })
  }
}

/** The authorization response of a server. */
export function redirectTo(request: Request, parameters: Readonly<Record<string, string>>): Response {
  const { searchParams } = new URL(request.url)
  const location = `${searchParams.get('redirect_uri')}?${new URLSearchParams({ ...parameters, state: searchParams.get('state') ?? '' }).toString()}`
  return new Response(null, { status: 302, headers: { location } })
}

const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/jwks`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  scopes_supported: ['openid', 'offline_access'],
  id_token_signing_alg_values_supported: ['RS256'],
}

/** Responds to one path of the server. */
export function at(path: string, response: (request: Request) => Response): NonNullable<Broken['respond']> {
  return (request) => {
    const { origin, pathname } = new URL(request.url)
    return origin === ISSUER && pathname === path && request.method !== 'OPTIONS' ? response(request) : undefined
  }
}

/** The page of a server that refuses an authorization request. */
export function refusalPage(text: string, status = 400): Response {
  return new Response(`<!doctype html><title>Error</title><h1>${text}</h1>`, { status, headers: { 'content-type': 'text/html' } })
}
