import { jwtGenerator } from '@latchkey/server'
import { clientIdMetadata } from '@latchkey/server/client-id-metadata'
import { latchkey } from '@latchkey/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { mcpUrl, SCOPES } from './api/mcp-app.js'

const target = `http://127.0.0.1:${process.env.API_PORT ?? 3000}`
/** The MCP server and its metadata (RFC 9728) have the origin of the app here, so that no CORS is needed. */
const proxy = { '/mcp': target, '/.well-known/oauth-protected-resource/mcp': target }

export default defineConfig({
  plugins: [
    react(),
    latchkey({
      // The app is registered nowhere: this document identifies it, and its URL is the client id.
      clientMetadata: { client_name: 'Example of MCP tools', appUrl: 'https://tools.example.com/' },
      server: {
        // The MCP server verifies JWTs by itself; the server's default tokens are opaque.
        tokens: jwtGenerator(),
        scopes: ['openid', 'offline_access', ...SCOPES],
        features: [
          clientIdMetadata({
            allowLoopback: true,
            scopes: ['openid', 'offline_access', ...SCOPES],
            resources: [mcpUrl(Number(process.env.PORT ?? 5173))],
          }),
        ],
      },
    }),
  ],
  server: { proxy },
  preview: { proxy },
})
