// connectToResource() against the server of `@modelcontextprotocol/sdk`: its authorization server, its guard, its resource metadata.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { DemoInMemoryAuthProvider } from '@modelcontextprotocol/sdk/examples/server/demoInMemoryOAuthProvider.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { getOAuthProtectedResourceMetadataUrl, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { connectToResource, memory, type NavigateRequest, type ResourceClientOptions } from '@latchkey/core'
import express, { type RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, type Loopback } from '../harness/loopback.js'

let server: Loopback
let url: URL
/** What the guard requires. */
let requiredScopes: string[]

beforeAll(async () => {
  server = await listen()
  const origin = `http://127.0.0.1:${server.port}`
  url = new URL(`${origin}/mcp`)
  const provider = new DemoInMemoryAuthProvider((resource) => resource?.href === url.href)
  const app = express()
  app.use(
    mcpAuthRouter({
      provider,
      issuerUrl: new URL(origin),
      resourceServerUrl: url,
      scopesSupported: ['tools:list', 'tools:call'],
    }),
  )
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(url)
  const guard: RequestHandler = (...call) =>
    requireBearerAuth({ verifier: provider, requiredScopes, resourceMetadataUrl })(...call)
  app.use('/mcp', guard, express.json(), (request, response) => {
    const mcp = new McpServer({ name: 'notes', version: '1.0.0' })
    mcp.registerTool('note', { description: 'Reads a note' }, () => ({ content: [{ type: 'text', text: 'Milk' }] }))
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    mcp
      .connect(transport)
      .then(() => transport.handleRequest(request, response, request.body))
      .catch((cause: unknown) => response.status(500).send(String(cause)))
  })
  server.serve(app)
})

afterAll(() => server.close())

/** The browser: the demo's user agrees at once. */
async function navigate({ url: address }: NavigateRequest): Promise<URL> {
  const response = await fetch(address, { redirect: 'manual' })
  return new URL(response.headers.get('location') ?? '')
}

function options(): ResourceClientOptions {
  const transport = { name: 'test', prepare: () => ({ navigate, cancel: () => undefined }) }
  return { redirectUri: 'http://127.0.0.1:9/callback', storage: memory(), transport }
}

describe('connectToResource() at the server of the MCP SDK', () => {
  it('registers, signs in for the resource, and lists the tools with the transport of the SDK', async () => {
    requiredScopes = ['tools:list']
    const connection = await connectToResource(url, options())
    expect([connection.resource, connection.server.issuer]).toEqual([url.href, `${url.origin}/`])
    await connection.connect()
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(url, { fetch: connection.fetch }))
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['note'])
  })

  it('signs in once more when a call needs a wider scope', async () => {
    requiredScopes = ['tools:list']
    const connection = await connectToResource(url, options())
    await connection.connect()
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(url, { fetch: connection.fetch }))
    requiredScopes = ['tools:call']
    const result = await client.callTool({ name: 'note', arguments: {} })
    expect(result.content).toEqual([{ type: 'text', text: 'Milk' }])
    expect(connection.client.getTokenSet()?.scope).toBe('tools:list tools:call')
  })
})
