import { request as sendRequest, type ServerResponse } from 'node:http'
import type { Connect, Plugin, PreviewServer, ViteDevServer } from 'vite'
import { NETWORK_ADDRESSES_PATH } from '../src/connection/network-addresses-path.js'
import { originOf } from './origin-of.js'

/** Where to forward a request of a phone. */
interface Target {
  /** The origin that the phone has opened. */
  readonly networkOrigin: string
  /** The origin of the playground's page, and of the issuer whose codes it shows. */
  readonly pageOrigin: string
}

/**
 * Creates a Vite plugin with which a phone can enter a device code: the page is at localhost, where the phone cannot open it, and a code is
 * known at its issuer only. If the server listens in the network (`--host`), its verification page there is that of the page's issuer.
 * Browsers do not sign in over http in a network, so nothing else is forwarded.
 */
export function phoneAccess(issuerPath: string): Plugin {
  const mount = (server: ViteDevServer | PreviewServer): void => {
    const origins = (): readonly string[] => server.resolvedUrls?.network.map((url) => new URL(url).origin) ?? []
    let pageOrigin: string | undefined
    server.middlewares.use(NETWORK_ADDRESSES_PATH, (request, response) => {
      pageOrigin = originOf(request) ?? pageOrigin
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      response.writeHead(200, headers).end(JSON.stringify(origins()))
    })
    server.middlewares.use(`${issuerPath}/device`, (request, response, next) => {
      const networkOrigin = origins().find((origin) => origin === `http://${request.headers.host}`)
      if (networkOrigin === undefined || pageOrigin === undefined) return next()
      forward(request, response, { networkOrigin, pageOrigin })
    })
  }
  // Before the plugin with the server, which would handle the request as that of another issuer.
  return { name: 'phone-access', enforce: 'pre', configureServer: mount, configurePreviewServer: mount }
}

/** Sends the request as if it had arrived at the page's origin, and translates the addresses of both directions. */
function forward(incoming: Connect.IncomingMessage, response: ServerResponse, target: Target): void {
  const { networkOrigin, pageOrigin } = target
  const { originalUrl = '/', method, socket } = incoming
  const { origin, referer } = incoming.headers
  const headers = {
    ...incoming.headers,
    host: new URL(pageOrigin).host,
    ...(origin === networkOrigin && { origin: pageOrigin }),
    ...(referer?.startsWith(`${networkOrigin}/`) && { referer: pageOrigin + referer.slice(networkOrigin.length) }),
  }
  const { localAddress: host, localPort: port } = socket
  const outgoing = sendRequest({ host, port, path: originalUrl, method, headers }, (received) => {
    const { location } = received.headers
    const moved = location?.startsWith(`${pageOrigin}/`) && { location: networkOrigin + location.slice(pageOrigin.length) }
    response.writeHead(received.statusCode ?? 502, { ...received.headers, ...moved })
    received.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  incoming.pipe(outgoing)
}
