import { memory } from '../storage/memory.js'
import type { TokenStorage } from '../storage/token-storage.js'
import type { NavigateRequest, Transport } from '../sign-in/transports/transport.js'
import type { ResourceClientOptions } from './resource-client-options.js'

export const RESOURCE = 'https://mcp.example/mcp'
export const ISSUER = 'https://id.example'
export const REDIRECT_URI = 'https://app.example/'
export const DOCUMENT = 'https://app.example/client.json'

type Respond = (request: Request) => Response | undefined | Promise<Response | undefined>

/** A network in memory: a resource, its authorization server, and what a test puts in their place. */
export interface ResourceWorld {
  /** The requests, in order: `GET https://mcp.example/mcp`. */
  readonly log: string[]
  /** The requests themselves, with their bodies unread. */
  readonly requests: Request[]
  /** Responds instead of what is there, by URL without query. */
  readonly routes: Record<string, Respond>
  /** Members of the metadata of the authorization server; `undefined` removes one. */
  server: Readonly<Record<string, unknown>>
  /** Members of the resource metadata. */
  resource: Readonly<Record<string, unknown>>
  /** Members of the registration response. */
  registration: Readonly<Record<string, unknown>>
  /** Parameters of the challenge, besides the URL of the metadata. */
  challenge: string
  /** The scope that a request to the resource needs. */
  needs: readonly string[]
  /** URLs of the authorization requests. */
  readonly authorizations: URL[]
  readonly options: ResourceClientOptions & { readonly storage: TokenStorage; readonly transport: Transport }
  /** Sends the browser to the authorization server, where the user agrees. @returns the authorization response */
  readonly navigate: (request: NavigateRequest) => Promise<URL>
  /** Milliseconds by which the clock is put forward. */
  advance(ms: number): void
}

const METADATA = 'https://mcp.example/.well-known/oauth-protected-resource/mcp'

export function createResourceWorld(): ResourceWorld {
  const scopes = new Map<string, string>()
  const clock = { offset: 0 }
  let registered = 0
  const world: ResourceWorld = {
    log: [],
    requests: [],
    routes: {},
    server: {},
    resource: {},
    registration: {},
    challenge: '',
    needs: [],
    authorizations: [],
    advance: (ms) => (clock.offset += ms),
    navigate: authorize,
    options: {
      redirectUri: REDIRECT_URI,
      storage: memory(),
      transport: { name: 'test', prepare: () => ({ navigate: authorize, cancel: () => undefined }) },
      now: () => Date.now() + clock.offset,
      fetch: async (input, init) => {
        // Not copied: Node 24 loses the referrer policy of a copy.
        const request = input instanceof Request && init === undefined ? input : new Request(input, init)
        const { origin, pathname } = new URL(request.url)
        world.log.push(`${request.method} ${origin}${pathname}`)
        world.requests.push(request.clone())
        const custom = await world.routes[origin + pathname]?.(request)
        return custom ?? respond(request, origin + pathname)
      },
    },
  }
  async function authorize({ url, state }: NavigateRequest): Promise<URL> {
    world.authorizations.push(url)
    const code = `code-${world.authorizations.length}`
    scopes.set(code, url.searchParams.get('scope') ?? '')
    const callback = new URL(url.searchParams.get('redirect_uri') ?? '')
    callback.search = new URLSearchParams({ code, state, iss: serverMetadata().issuer }).toString()
    return callback
  }
  const serverMetadata = (): Record<string, unknown> & { readonly issuer: string } => ({
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    registration_endpoint: `${ISSUER}/register`,
    revocation_endpoint: `${ISSUER}/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    ...world.server,
  })
  async function token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text())
    const scope = scopes.get(form.get('code') ?? '') ?? scopes.get(form.get('refresh_token') ?? '') ?? ''
    const accessToken = `token-${scopes.size} ${scope}`.replaceAll(' ', '/')
    const refreshToken = `refresh-${scopes.size}`
    scopes.set(accessToken, scope)
    scopes.set(refreshToken, scope)
    return Response.json({ access_token: accessToken, token_type: 'Bearer', expires_in: 300, refresh_token: refreshToken, scope })
  }
  function callResource(request: Request): Response {
    const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
    const scope = scopes.get(bearer ?? '')
    if (scope === undefined) {
      const challenge = `Bearer resource_metadata="${METADATA}"${world.challenge}`
      return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } })
    }
    const isEnough = world.needs.every((word) => scope.split(' ').includes(word))
    if (isEnough) return Response.json({ scope })
    const challenge = `Bearer error="insufficient_scope", scope="${world.needs.join(' ')}"`
    // As `fetch` does it: a body that has not been read ends with the signal of its request.
    const start = (body: ReadableStreamDefaultController): void =>
      request.signal.addEventListener('abort', () => body.error(request.signal.reason))
    return new Response(new ReadableStream({ start }), { status: 403, headers: { 'www-authenticate': challenge } })
  }
  async function respond(request: Request, url: string): Promise<Response> {
    switch (url) {
      case RESOURCE:
        return callResource(request)
      case METADATA:
        return Response.json({ resource: RESOURCE, authorization_servers: [ISSUER], ...world.resource })
      case `${ISSUER}/.well-known/oauth-authorization-server`:
        return Response.json(serverMetadata())
      case `${ISSUER}/register`:
        return Response.json(
          { ...(await request.json()), client_id: `registered-${++registered}`, ...world.registration },
          { status: 201 },
        )
      case `${ISSUER}/token`:
        return token(request)
      case `${ISSUER}/revoke`:
        return new Response(null, { status: 200 })
      default:
        return new Response('<h1>Not found</h1>', { status: 404, headers: { 'content-type': 'text/html' } })
    }
  }
  return world
}

/** The form of each request to an address, in order. */
export async function formsTo({ requests }: ResourceWorld, url: string): Promise<readonly URLSearchParams[]> {
  const sent = requests.filter((request) => request.method === 'POST' && request.url === url)
  return Promise.all(sent.map(async (request) => new URLSearchParams(await request.clone().text())))
}
