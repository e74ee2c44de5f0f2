// A page of a client of OAuth 1.0a and its API on one origin, and the provider on another.
import { fileURLToPath } from 'node:url'
import { userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { createOAuth1Server, type OAuth1Server } from '@latchkey/server/oauth1'
import { build, type Rolldown } from 'vite'
import type { OAuth1PageSettings } from '../engines/oauth1-app/main.js'
import { listen } from './loopback.js'

export interface OAuth1World {
  readonly origin: string
  /** CSS selectors of the provider's pages. */
  readonly userButton: string
  readonly allowButton: string
  close(): Promise<void>
}

const BUTTONS = ['sign-in', 'sign-in-popup', 'call-api', 'sign-all', 'start-worker'].map(
  (id) => `<button id="${id}">${id}</button>`,
)
const OUTPUTS = ['status', 'answer', 'error'].map((id) => `<p data-testid="${id}"></p>`)

export async function createOAuth1World(): Promise<OAuth1World> {
  const [app, provider, files, rsa] = await Promise.all([
    listen(),
    listen(),
    (builtPage ??= buildPage()),
    (sharedKeys ??= rsaKeys()),
  ])
  // Another site than the provider's 127.0.0.1.
  const origin = `http://localhost:${app.port}`
  const url = `http://127.0.0.1:${provider.port}`
  const server = createOAuth1Server({
    url,
    clients: [{ clientId: 'photos', clientSecret: 's&cret ä', rsaPublicKey: rsa.publicKey, callbackUrls: [`${origin}/`] }],
    signatureMethods: ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'],
    site: userSite({ users: [{ sub: 'alice' }], oneClick: true }),
  })
  provider.serve((request, response) => void toNodeHandler({ fetch: server.fetch })(request, response))
  const options = {
    consumerKey: 'photos',
    consumerSecret: 's&cret ä',
    temporaryCredentialsUrl: `${url}/initiate`,
    authorizationUrl: `${url}/authorize`,
    tokenCredentialsUrl: `${url}/token`,
  }
  const settings: OAuth1PageSettings = { options, privateKey: rsa.privateKey }
  const fetch = (request: Request): Promise<Response> => serve(request, { files, server, settings })
  app.serve((request, response) => void toNodeHandler({ fetch })(request, response))
  return {
    origin,
    userButton: 'button[name="user"][value="alice"]',
    allowButton: 'button[value="consent"]',
    close: async () => void (await Promise.all([app.close(), provider.close()])),
  }
}

interface Served {
  readonly files: ReadonlyMap<string, string>
  readonly server: OAuth1Server
  readonly settings: OAuth1PageSettings
}

async function serve(request: Request, { files, server, settings }: Served): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/api') {
    const verified = await server.verifyRequest(request)
    if (!verified.ok) return verified.response
    // Without the signature's own parameters, which the body has with that placement.
    const body = (await request.text()).split('&').filter((pair) => !pair.startsWith('oauth_'))
    return new Response([verified.userId, body.join('&')].filter(Boolean).join(' '))
  }
  const script = files.get(pathname.slice(1))
  if (script !== undefined) return new Response(script, { headers: { 'content-type': 'text/javascript' } })
  const head = `<script>window.settings = ${JSON.stringify(settings)}</script><script type="module" src="/main.js"></script>`
  const page = `<!doctype html><meta charset="utf-8"><title>Photos</title>${BUTTONS.join('')}${OUTPUTS.join('')}${head}`
  return new Response(page, { headers: { 'content-type': 'text/html' } })
}

/** One for all worlds. */
let builtPage: ReturnType<typeof buildPage> | undefined
let sharedKeys: ReturnType<typeof rsaKeys> | undefined

/** @returns the chunks of the page and its worker, by name */
async function buildPage(): Promise<ReadonlyMap<string, string>> {
  const folder = new URL('../engines/oauth1-app/', import.meta.url)
  const input = ['main', 'worker'].map((name) => fileURLToPath(new URL(`${name}.ts`, folder)))
  const result = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    // What preloads modules needs a document, which the worker does not have.
    build: { write: false, modulePreload: false, rolldownOptions: { input, output: { entryFileNames: '[name].js' } } },
  })
  const { output } = [result].flat()[0] as Rolldown.RolldownOutput
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])))
}

async function rsaKeys(): Promise<{ readonly privateKey: JsonWebKey; readonly publicKey: JsonWebKey }> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const [privateKey, publicKey] = await Promise.all(
    [pair.privateKey, pair.publicKey].map((key) => crypto.subtle.exportKey('jwk', key)),
  )
  if (!privateKey || !publicKey) throw new Error('no key was made')
  return { privateKey, publicKey }
}
