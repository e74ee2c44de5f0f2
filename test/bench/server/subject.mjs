// A server in a process of its own, so that its CPU time is its alone. Arguments: name, store, URL of the store.
import { createServer } from 'node:http'
import { latchkey } from './latchkey.mjs'
import { oidcProvider } from './oidc-provider.mjs'

const [name, store = 'memory', url = ''] = process.argv.slice(2)
// Clients wait while the others take their turns.
const http = createServer({ keepAliveTimeout: 600_000 })
await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)))
const address = http.address()
if (address === null || typeof address === 'string') throw new Error('the server has no port')
const issuer = `http://127.0.0.1:${address.port}`
const make = name === 'oidc-provider' ? oidcProvider : latchkey
const handle = await make(issuer, { store, url })
http.on('request', (request, response) => handle(request, response))

process.on('message', (message) => {
  if (message === 'exit') process.exit()
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system })
})
process.send?.({ issuer })
