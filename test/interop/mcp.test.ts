// The client of `@modelcontextprotocol/sdk` (its own OAuth code), against our authorization server and an MCP server behind our guard. All in
// process: the SDK's `fetch` is a switch by host.
import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import { connectToResource, memory, type NavigateRequest } from '@latchkey/core'
import { createTokenVerifier } from '@latchkey/resource'
import {
  clientStore,
  createAuthorizationServer,
  generateSigningKeys,
  jwtGenerator,
  memoryStore,
  userSite,
  type AuthorizationServer,
  type Feature,
} from '@latchkey/server'
import { clientIdMetadata } from '@latchkey/server/client-id-metadata'
import { registration } from '@latchkey/server/registration'
import { describe, expect, it } from 'vitest'

const ISSUER = 'https://id.example/oauth'
const MCP = 'https://mcp.example/mcp'
const DOCUMENT_URL = 'https://tool.example/client.json'
const REDIRECT = 'https://tool.example/cb'
const SCOPES = ['openid', 'offline_access', 'tools:list', 'tools:call']
const LIMITS = { scopes: SCOPES, resources: [MCP] }

const keys = await generateSigningKeys()

const DOCUMENT = {
  client_id: DOCUMENT_URL,
  client_name: 'Tool',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
}

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

interface World {
  readonly fetch: Fetch
  readonly server: AuthorizationServer
  /** Method, host and path of each request, in order. */
  readonly log: string[]
  readonly documentFetches: () => number
}

function createWorld(feature: Feature): World {
  const log: string[] = []
  let documentFetches = 0
  const server = createAuthorizationServer({
    issuer: ISSUER,
    clients: clientStore(memoryStore()),
    site: userSite({ users: [{ sub: 'ada' }], oneClick: true }),
    scopes: SCOPES,
    tokens: jwtGenerator(),
    keys,
    features: [feature],
    fetch: async () => {
      documentFetches += 1
      return Response.json(DOCUMENT)
    },
  })
  const atServer: Fetch = async (url, init) => server.fetch(new Request(url, init))
  const handleMcp = protectedMcp(atServer)
  const fetch: Fetch = async (input, init) => {
    const url = new URL(input)
    log.push(`${init?.method ?? 'GET'} ${url.host}${url.pathname}`)
    if (url.host === 'mcp.example') return handleMcp(new Request(url, init))
    return atServer(url, init)
  }
  return { fetch, server, log, documentFetches: () => documentFetches }
}

/** An MCP server that needs one scope for all, and one more for calling a tool. */
function protectedMcp(fetch: Fetch): (request: Request) => Promise<Response> {
  const verifier = createTokenVerifier({
    issuer: ISSUER,
    audience: MCP,
    metadata: { scopes_supported: ['tools:list', 'tools:call'] },
    fetch,
  })
  return async (request) => {
    const metadata = verifier.handleMetadata(request)
    if (metadata) return metadata
    const message = request.method === 'POST' ? await request.clone().text() : ''
    const scope = message.includes('"tools/call"') ? 'tools:list tools:call' : 'tools:list'
    const verification = await verifier.verify(request, { scope })
    if (!verification.ok) return verification.response
    const { sub, clientId, scope: scopes, expiresAt = 0 } = verification.token
    const authInfo = { token: '', clientId: clientId ?? '', scopes: [...scopes], expiresAt: expiresAt / 1000, extra: { sub } }
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    const mcp = new McpServer({ name: 'notes', version: '1.0.0' })
    mcp.registerTool('whoami', { description: 'Tells who is signed in' }, ({ authInfo: info }) => ({
      content: [{ type: 'text', text: `${String(info?.extra?.['sub'])} by ${info?.clientId}` }],
    }))
    await mcp.connect(transport)
    return transport.handleRequest(request, { authInfo })
  }
}

interface Provider extends OAuthClientProvider {
  readonly authorizations: URL[]
  clientId(): string | undefined
}

/** The SDK's provider, with everything in memory. @param clientMetadataUrl undefined: the client registers itself */
function createProvider(clientMetadataUrl: string | undefined): Provider {
  const authorizations: URL[] = []
  let client: OAuthClientInformationMixed | undefined
  let tokens: OAuthTokens | undefined
  let verifier = ''
  const { client_id: _id, ...clientMetadata } = DOCUMENT
  return {
    authorizations,
    clientId: () => client?.client_id,
    redirectUrl: REDIRECT,
    clientMetadata,
    ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
    clientInformation: () => client,
    saveClientInformation: (saved) => void (client = saved),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    redirectToAuthorization: (url) => void authorizations.push(url),
    saveCodeVerifier: (saved) => void (verifier = saved),
    codeVerifier: () => verifier,
  }
}

/** Signs in and consents as a browser without scripts. Returns the code. */
async function consent({ server }: World, url: URL | undefined, cookies: Map<string, string>): Promise<string> {
  let response = await send(server, url?.href ?? '', cookies)
  for (const fields of [{ action: 'sign-in', user: 'ada' }, { action: 'consent' }] as const) {
    if (response.status !== 200) break
    const page = await response.text()
    if (!page.includes(`value="${fields.action}"`)) {
      response = new Response(page)
      continue
    }
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
    response = await send(server, url?.href ?? '', cookies, new URLSearchParams({ csrf, ...fields }))
  }
  const callback = new URL(response.headers.get('location') ?? 'about:blank')
  expect(callback.searchParams.get('iss')).toBe(ISSUER)
  return callback.searchParams.get('code') ?? ''
}

async function send(
  server: AuthorizationServer,
  url: string,
  cookies: Map<string, string>,
  body?: URLSearchParams,
): Promise<Response> {
  const headers = { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }
  const response = await server.fetch(new Request(url, body ? { method: 'POST', body, headers } : { headers }))
  for (const line of response.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
    cookies.set(name, value)
  }
  return response
}

function createTransport(world: World, authProvider: OAuthClientProvider): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(MCP), { authProvider, fetch: world.fetch })
}

interface SignedIn {
  readonly client: Client
  readonly transport: StreamableHTTPClientTransport
  readonly cookies: Map<string, string>
}

/** From nothing but the URL of the MCP server to a connected client. */
async function connect(world: World, provider: Provider): Promise<SignedIn> {
  const cookies = new Map<string, string>()
  const first = createTransport(world, provider)
  await expect(new Client({ name: 'test', version: '1' }).connect(first)).rejects.toThrow(UnauthorizedError)
  await first.finishAuth(await consent(world, provider.authorizations[0], cookies))
  const transport = createTransport(world, provider)
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  return { client, transport, cookies }
}

describe.each([
  ['by the URL of its document', () => clientIdMetadata(LIMITS), DOCUMENT_URL],
  ['by dynamic registration', () => registration(LIMITS), undefined],
] as const)('the OAuth client of the MCP SDK, identified %s', (_, feature, clientMetadataUrl) => {
  it('finds the authorization server, signs in with the scope of the challenge, and lists the tools', async () => {
    const world = createWorld(feature())
    const provider = createProvider(clientMetadataUrl)
    const { client } = await connect(world, provider)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['whoami'])
    const [request] = provider.authorizations
    expect(request?.searchParams.get('resource')).toBe(MCP)
    expect(request?.searchParams.get('scope')?.split(' ')).toContain('tools:list')
    expect(world.log.slice(0, 3)).toEqual([
      'POST mcp.example/mcp',
      'GET mcp.example/.well-known/oauth-protected-resource/mcp',
      'GET id.example/.well-known/oauth-authorization-server/oauth',
    ])
    if (clientMetadataUrl !== undefined) {
      expect(provider.clientId()).toBe(DOCUMENT_URL)
      expect(world.documentFetches()).toBe(1)
      expect(world.log).not.toContain('POST id.example/oauth/register')
    }
  })

  it('refreshes its token for the same resource', async () => {
    const world = createWorld(feature())
    const provider = createProvider(clientMetadataUrl)
    const { client } = await connect(world, provider)
    const tokens = await provider.tokens()
    expect(tokens?.refresh_token).toBeTypeOf('string')
    await provider.saveTokens({ token_type: 'Bearer', ...tokens, access_token: 'expired' })
    expect((await client.listTools()).tools).toHaveLength(1)
    expect(provider.authorizations).toHaveLength(1)
  })
})

// A client that registers itself names the scope of its first challenge, which is then all that it may request (RFC 7591, section 2).
describe('the OAuth client of the MCP SDK with a document', () => {
  it('requests the wider scope that a call of a tool is refused for, and calls it', async () => {
    const world = createWorld(clientIdMetadata(LIMITS))
    const provider = createProvider(DOCUMENT_URL)
    const { client, transport, cookies } = await connect(world, provider)
    const call = { name: 'whoami', arguments: {} }
    // The SDK uses a refresh token it has, whose scope is the same, and gives up.
    const { refresh_token: _unused, ...tokens } = (await provider.tokens()) ?? { access_token: '', token_type: '' }
    await provider.saveTokens(tokens)
    await expect(client.callTool(call)).rejects.toThrow(UnauthorizedError)
    expect(provider.authorizations[1]?.searchParams.get('scope')).toContain('tools:call')
    await transport.finishAuth(await consent(world, provider.authorizations[1], cookies))
    const result = await client.callTool(call)
    expect(result.content).toEqual([{ type: 'text', text: `ada by ${provider.clientId()}` }])
  })
})

describe.each([
  ['the URL of its document', () => clientIdMetadata(LIMITS), DOCUMENT_URL],
  ['dynamic registration', () => registration(LIMITS), undefined],
] as const)('connectToResource() by %s', (_, feature, clientMetadataUrl) => {
  it('gives the transport of the SDK a fetch that lists the tools, and signs in again for a wider scope', async () => {
    const world = createWorld(feature())
    const cookies = new Map<string, string>()
    const scopes: unknown[] = []
    const navigate = async ({ url, state }: NavigateRequest): Promise<URL> => {
      scopes.push(url.searchParams.get('scope'))
      const code = await consent(world, url, cookies)
      return new URL(`${REDIRECT}?${new URLSearchParams({ code, state, iss: ISSUER }).toString()}`)
    }
    const connection = await connectToResource(MCP, {
      clientMetadataUrl,
      redirectUri: REDIRECT,
      storage: memory(),
      transport: { name: 'test', prepare: () => ({ navigate, cancel: () => undefined }) },
      fetch: async (input, init) => {
        const { url, method, headers, body } = new Request(input, init)
        return world.fetch(url, { method, headers, ...(body && { body: await new Response(body).text() }) })
      },
    })
    await connection.connect()
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(MCP), { fetch: connection.fetch }))
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['whoami'])
    const result = await client.callTool({ name: 'whoami', arguments: {} })
    expect(result.content).toEqual([{ type: 'text', text: `ada by ${connection.client.options.clientId}` }])
    expect(scopes).toEqual(['tools:list', 'tools:list tools:call'])
  })
})
