import { createServer, request as sendRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Connect } from 'vite'
import { expect, it, onTestFinished } from 'vitest'
import { phoneAccess } from './phone-access.js'

const NETWORK = 'http://192.168.0.7:5173'

interface Sent {
  readonly path: string
  readonly host: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Serves the plugin in front of a server that says what it has received. @returns sends a request as a browser at a host does */
async function serve(): Promise<(sent: Sent) => Promise<string>> {
  const handlers: { readonly path: string; readonly handle: Connect.NextHandleFunction }[] = []
  const { configureServer } = phoneAccess('/oauth')
  const use = (path: string, handle: Connect.NextHandleFunction): void => void handlers.push({ path, handle })
  const vite = { middlewares: { use }, resolvedUrls: { network: [`${NETWORK}/`] } }
  if (typeof configureServer === 'function') await configureServer.call({} as never, vite as never)
  const server = createServer((request: IncomingMessage & { originalUrl?: string }, response) => {
    request.originalUrl = request.url ?? ''
    const { host, origin = '', referer = '' } = request.headers
    const received = [host, request.url, origin, referer].join(' ')
    const end = (): void => void response.writeHead(303, { location: `http://${host}/oauth/device?next` }).end(received)
    const match = handlers.find(({ path }) => request.url?.split('?')[0] === path)
    if (match) match.handle(request as Connect.IncomingMessage, response, end)
    else end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const { port } = server.address() as AddressInfo
  return ({ path, host, headers }) =>
    new Promise((resolve, reject) => {
      const sent = sendRequest({ host: '127.0.0.1', port, path, headers: { ...headers, host } }, (response) =>
        resolve(text(response).then((body) => `${response.headers.location ?? ''} ${body}`)),
      )
      sent.on('error', reject).end()
    })
}

it('lists the addresses in the network, and opens the verification page there as that of the page’s issuer', async () => {
  const send = await serve()
  expect(await send({ path: '/network-addresses', host: 'localhost:5173' })).toContain(JSON.stringify([NETWORK]))
  const headers = { origin: NETWORK, referer: `${NETWORK}/oauth/device` }
  expect(await send({ path: '/oauth/device?user_code=A', host: '192.168.0.7:5173', headers })).toBe(
    `${NETWORK}/oauth/device?next localhost:5173 /oauth/device?user_code=A http://localhost:5173 http://localhost:5173/oauth/device`,
  )
})

it.each([
  ['another path', '/oauth/token', '192.168.0.7:5173'],
  ['another host, which a name of an attacker may resolve to', '/oauth/device', 'evil.example:5173'],
  ['the page’s own origin', '/oauth/device', 'localhost:5173'],
])('does not forward a request for %s', async (_, path, host) => {
  const send = await serve()
  await send({ path: '/network-addresses', host: 'localhost:5173' })
  expect(await send({ path, host })).toBe(`http://${host}/oauth/device?next ${host} ${path}  `)
})

it('does not forward before a page at this machine has asked, nor for one at another host', async () => {
  const send = await serve()
  await send({ path: '/network-addresses', host: '192.168.0.7:5173' })
  expect(await send({ path: '/oauth/device', host: '192.168.0.7:5173' })).toContain(' 192.168.0.7:5173 /oauth/device')
})
