// What the apps talk to, in a process of its own: an authorization server that responds after 50 ms, and a host for each app, which
// serves its files, and an API that responds at once. Started by `start-world.mjs`, which sends messages and gets the requests.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { authorizationCode, createAuthorizationServer, refreshToken } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'

const LATENCY_MS = 50
const USER = { sub: 'alice', name: 'Alice', email: 'alice@example.com' }
/** One user may have sessions at as many clients. */
const CLIENTS = 51
/** @type {Readonly<Record<string, string>>} */
const TYPES = { '.js': 'text/javascript', '.css': 'text/css' }
const API = '/api/me'
/** A page without an app, on the app's origin. */
const BLANK = '/blank'

/** @typedef {import('@latchkey/server').AuthorizationServer} AuthorizationServer */
/** @typedef {import('./start-world.mjs').SeenRequest} SeenRequest */

let clockShift = 0
/** @type {SeenRequest[]} */
let seen = []

/** @param {import('node:http').RequestListener} listener */
async function listen(listener) {
  const server = createServer(listener)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  return `http://localhost:${typeof address === 'object' ? address?.port : ''}`
}

/**
 * @param {string} issuer
 * @param {readonly string[]} origins of the apps
 * @param {Readonly<Record<string, string>>} paths
 */
function createProvider(issuer, origins, paths) {
  return createAuthorizationServer({
    issuer,
    paths,
    clients: Array.from({ length: CLIENTS }, (_, index) => ({
      clientId: `spa-${index}`,
      redirectUris: origins.flatMap((origin) => [`${origin}/`, `${origin}/callback`]),
    })),
    corsOrigin: origins,
    grants: [authorizationCode({ expiresIn: 3600 }), refreshToken({ rotate: true, reuseDetection: true })],
    now: () => Date.now() + clockShift,
    site: {
      // A frame finds the user only after a sign-in.
      authenticate: ({ params, session }) => (params.get('prompt') === 'none' && !session ? undefined : { userId: USER.sub }),
      renderAuthorizationPage: () => new Response('No page was expected', { status: 500 }),
      userDeniedAccess: () => false,
      claims: () => USER,
    },
  })
}

/**
 * @param {AuthorizationServer} provider
 * @returns {import('node:http').RequestListener}
 */
function serveProvider(provider) {
  const handle = toNodeHandler(provider)
  return (request, response) => {
    const at = performance.now()
    const [path = ''] = (request.url ?? '').split('?')
    response.on('finish', () =>
      seen.push({ path, method: request.method ?? '', at, end: performance.now(), status: response.statusCode }),
    )
    // The clients compare it with their clocks; Node.js would write the machine's own time.
    response.setHeader('date', new Date(Date.now() + clockShift).toUTCString())
    // auth0-react sends headers of its own, which need a preflight.
    if (request.method === 'OPTIONS') response.setHeader('access-control-allow-headers', '*')
    setTimeout(() => void answer(handle, request, response), LATENCY_MS)
  }
}

/**
 * @param {import('@latchkey/server/node').NodeHandler} handle
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(handle, request, response) {
  if (request.method !== 'OPTIONS') return handle(request, response)
  response.writeHead(204, {
    'access-control-allow-origin': request.headers.origin ?? '',
    'access-control-allow-headers': 'authorization,content-type,auth0-client',
    'access-control-allow-methods': 'GET,POST',
  })
  response.end()
}

/**
 * @param {string} folder of a build
 * @param {() => AuthorizationServer} providerOf
 * @returns {import('node:http').RequestListener}
 */
function serveApp(folder, providerOf) {
  return (request, response) => {
    const { pathname: path, href } = new URL(request.url ?? '/', `http://${request.headers.host}`)
    if (path === API) return void respond(providerOf(), new Request(href, { headers: authorizationIn(request) }), response)
    const type = TYPES[extname(path)]
    if (path === BLANK) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
    // Every other path is the app.
    response.writeHead(200, {
      'content-type': type ?? 'text/html',
      'cache-control': type ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    response.end(readFileSync(folder + (type ? path : '/index.html')))
  }
}

/** @param {import('node:http').IncomingMessage} request */
function authorizationIn({ headers: { authorization = '' } }) {
  return { authorization }
}

/**
 * The API: whether the token is valid.
 *
 * @param {AuthorizationServer} provider
 * @param {Request} request
 * @param {import('node:http').ServerResponse} response
 */
async function respond(provider, request, response) {
  const at = performance.now()
  const { ok } = await provider.verifyRequest(request, { resource: 'any' })
  const status = ok ? 200 : 401
  seen.push({ path: API, method: request.method, at, end: performance.now(), status })
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ok }))
}

/**
 * @param {Readonly<Record<string, string>>} folders of the builds, by app
 * @returns {Promise<import('./start-world.mjs').Addresses>}
 */
async function start(folders) {
  /** @type {Record<string, AuthorizationServer>} */
  const providers = {}
  /** @type {Record<string, string>} */
  const apps = {}
  for (const [name, folder] of Object.entries(folders)) {
    const kind = name === 'auth0-react' ? 'auth0' : 'plain'
    apps[name] = await listen(serveApp(folder, () => /** @type {AuthorizationServer} */ (providers[kind])))
  }
  const issuers = { plain: '', auth0: '' }
  for (const name of /** @type {const} */ (['plain', 'auth0'])) {
    /** @type {import('node:http').RequestListener | undefined} */
    let serve
    const origin = await listen((request, response) => serve?.(request, response))
    // What auth0-react expects in ID tokens, and where it sends requests: it reads no metadata.
    issuers[name] = name === 'auth0' ? `${origin}/` : origin
    providers[name] = createProvider(issuers[name], Object.values(apps), name === 'auth0' ? { token: '/oauth/token' } : {})
    // Creates the key now, not during the first sign-in.
    await providers[name]?.fetch(new Request(`${origin}/jwks`))
    serve = serveProvider(/** @type {AuthorizationServer} */ (providers[name]))
  }
  return { apps, issuers }
}

/** @param {import('./start-world.mjs').WorldMessage} message */
async function onMessage({ folders, shift, take }) {
  if (folders) process.send?.(await start(folders))
  if (shift !== undefined) {
    clockShift = shift
    process.send?.({})
  }
  if (take) {
    process.send?.(seen)
    seen = []
  }
}

process.on('message', (message) => void onMessage(/** @type {import('./start-world.mjs').WorldMessage} */ (message)))
// The parent was stopped.
process.on('disconnect', () => process.exit())
