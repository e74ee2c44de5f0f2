import express from 'express'
import { createTokenVerifier } from '@latchkey/resource'
import { toExpressGuard, toExpressMetadata, tokenOf } from '@latchkey/resource/express'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createNotesServer } from './notes-server.js'

/** Listing needs the first, adding a note both. */
export const SCOPES = ['notes:read', 'notes:write']

/** The URL of the MCP server, as clients know it. Its tokens name it in their claim `aud`. */
export const mcpUrl = (/** @type {number} */ port) => `http://localhost:${port}/mcp`

/**
 * Creates the MCP server over streamable HTTP, without sessions. It takes only tokens that are for its own URL.
 *
 * @param {string} issuer
 * @param {string} url
 */
export function createMcpApp(issuer, url) {
  const verifier = createTokenVerifier({
    issuer,
    audience: url,
    metadata: { resource_name: 'Notes', scopes_supported: ['notes:read'] },
    onRefused: (error) => console.log(`Refused: ${error.message}`),
  })
  const guard = toExpressGuard(verifier, { scope: 'notes:read' })
  const writeGuard = toExpressGuard(verifier, { scope: SCOPES.join(' ') })
  const app = express()
  app.use(toExpressMetadata(verifier))
  app.use('/mcp', guard, express.json(), (request, response, next) =>
    // A call that changes something needs more scope: the challenge says which.
    isWriting(request.body) ? writeGuard(request, response, next) : next(),
  )
  app.post('/mcp', async (request, response) => {
    const { sub = '' } = tokenOf(verifier, request)
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined })
    const server = createNotesServer(sub)
    response.on('close', () => void server.close())
    await server.connect(transport)
    await transport.handleRequest(request, response, request.body)
  })
  app.all('/mcp', (_request, response) => void response.status(405).set('Allow', 'POST').end())
  return app
}

/** A request may be a batch of messages. */
function isWriting(/** @type {any} */ body) {
  return [body].flat().some((message) => message?.method === 'tools/call' && message.params?.name === 'add_note')
}
