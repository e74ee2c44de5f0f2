// Starts the MCP server, and the app with its authorization server: `npm run dev`, or `npm start` after `npm run build`.
import { createServer, preview } from 'vite'
import { createMcpApp, mcpUrl } from './api/mcp-app.js'

const port = Number(process.env.PORT ?? 5173)
const vite =
  process.argv[2] === 'dev'
    ? await createServer({ server: { port, strictPort: true } })
    : await preview({ preview: { port, strictPort: true } })
if ('listen' in vite) await vite.listen()
vite.printUrls()

createMcpApp(`http://localhost:${port}/oauth`, mcpUrl(port)).listen(Number(process.env.API_PORT ?? 3000), '127.0.0.1')
