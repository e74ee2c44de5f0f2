import { type User, userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { createOAuth1Server, type OAuth1Server } from '@latchkey/server/oauth1'
import type { JWK } from 'jose'
import type { Connect, Plugin } from 'vite'
import { API_PATH, CALLBACK_PATH, consumer, PROVIDER_PATH } from '../src/oauth1/demo-provider.js'
import { originOf } from './origin-of.js'
import { handlePhotoRequest } from './photo-api.js'

/** Origins served at the same time. A browser uses one or two, but a `Host` header can contain any port. */
const MAX_ORIGINS = 16

/** What the provider knows. */
interface OAuth1ProviderOptions {
  readonly users: readonly User[]
  /** Verifies requests that the page signs with RSA. */
  readonly rsaPublicKey: JWK
}

/** Creates a Vite plugin with a provider of OAuth 1.0a and an API that it protects, in the dev and preview servers. */
export function oauth1Provider(options: OAuth1ProviderOptions): Plugin {
  const servers = new Map<string, OAuth1Server>()
  const handle: Connect.NextHandleFunction = (request, response, next) => {
    try {
      serve(request, response, next)
    } catch (error) {
      next(error)
    }
  }
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const isApi = isBelow(API_PATH, pathname)
    if (!isApi && !isBelow(PROVIDER_PATH, pathname)) return next()
    const origin = originOf(request)
    // OAuth 1.0a needs https, except on this machine (RFC 5849, section 2.1).
    if (origin === undefined) return void response.writeHead(403).end('Open the playground at localhost or 127.0.0.1.\n')
    const server = serverAt(origin, servers, options)
    const fetch = isApi ? (incoming: Request) => handlePhotoRequest(incoming, server, options.users) : server.fetch
    const fail = (error: unknown): void => next(error)
    toNodeHandler({ fetch })(request, response).catch(fail)
  }
  return {
    name: 'oauth1-provider',
    configureServer: ({ middlewares }) => void middlewares.use(handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(handle),
  }
}

/** Signatures contain the URL, and only the request shows whether that is `localhost` or `127.0.0.1`. */
function serverAt(origin: string, servers: Map<string, OAuth1Server>, options: OAuth1ProviderOptions): OAuth1Server {
  const server = servers.get(origin) ?? createDemoProvider(origin, options)
  servers.delete(origin)
  servers.set(origin, server)
  const oldest = servers.keys().next().value
  if (servers.size > MAX_ORIGINS && oldest !== undefined) servers.delete(oldest)
  return server
}

/** Creates the provider of the playground for one origin. */
export function createDemoProvider(origin: string, { users, rsaPublicKey }: OAuth1ProviderOptions): OAuth1Server {
  return createOAuth1Server({
    url: origin + PROVIDER_PATH,
    site: userSite({ users, oneClick: true }),
    // PLAINTEXT is off by default: it sends the secrets themselves.
    signatureMethods: ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'],
    clients: [
      {
        clientId: consumer.key,
        clientSecret: consumer.secret,
        rsaPublicKey,
        clientName: 'Photo printer',
        access: 'your photos',
        callbackUrls: [origin + CALLBACK_PATH],
      },
    ],
  })
}

function isBelow(prefix: string, pathname: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`)
}
