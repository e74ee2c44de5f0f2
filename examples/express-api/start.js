// Starts the API, and the app with its authorization server: `npm run dev`, or `npm start` after `npm run build`.
import { createServer, preview } from 'vite'
import { createOrdersApi } from './api/orders-api.js'

const port = Number(process.env.PORT ?? 5173)
const vite =
  process.argv[2] === 'dev'
    ? await createServer({ server: { port, strictPort: true } })
    : await preview({ preview: { port, strictPort: true } })
if ('listen' in vite) await vite.listen()
vite.printUrls()

createOrdersApi(`http://localhost:${port}/oauth`).listen(Number(process.env.API_PORT ?? 3000), '127.0.0.1')
