// cspell:ignore awks fauth fjwks -- percent-encoded letters of paths
import { createServer, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ISSUER, testServer } from '../server/test-server.fixture.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { toFastifyHook, toNodeHandler, toNodeMiddleware } from './node.js'

/** Other spellings of `/oauth/jwks`, as they can be in the first line of a request. */
const SPELLINGS = [
  '/oauth/x/../jwks',
  '/x/../oauth/jwks',
  '/oauth/./jwks',
  '/./oauth/jwks',
  '/oauth/%2e%2e/oauth/jwks',
  '/oauth/x/%2E%2e/jwks',
  '/oauth/.%2e/oauth/jwks',
  '/oauth\\jwks',
  '\\oauth\\jwks',
  '/oauth/x\\..\\jwks',
  '//oauth/jwks',
  '/oauth//jwks',
  '//127.0.0.1:5173/oauth/jwks',
  '///oauth/jwks',
  '/oauth/jwks/',
  '/oauth/jwks/.',
  '/oauth/%6awks',
  '/%6fauth/jwks',
  '/oauth%2Fjwks',
  '/oauth%2fjwks',
  '/oauth/%2Fjwks',
  '/oauth/jwks%00',
  '/oauth/jwks#fragment',
  '/oauth/JWKS',
  'http://127.0.0.1:5173/oauth/jwks',
  'http://evil.example/oauth/jwks',
  '/.well-known/x/../openid-configuration/oauth',
  '/oauth/.well-known/./openid-configuration',
]

const listeners: Readonly<Record<string, (server: AuthorizationServer) => RequestListener>> = {
  'toNodeHandler()': (server) => {
    const handle = toNodeHandler(server)
    return (request, response) => void handle(request, response)
  },
  'toNodeMiddleware()': (server) => {
    const handle = toNodeMiddleware(server)
    return (request, response) => handle(request, response, () => response.writeHead(404).end('the app'))
  },
  'toFastifyHook()': (server) => {
    const hook = toFastifyHook(server)
    return (raw, response) => {
      const state = { isHijacked: false }
      const reply = { raw: response, hijack: () => (state.isHijacked = true) }
      void hook({ raw }, reply).then(() => state.isHijacked || response.writeHead(404).end('the app'))
    }
  },
}

/** Sends a request whose target is not changed by any URL parser. Returns its status. */
function send(port: number, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('end', () => resolve(Number(text.split(' ')[1])))
    socket.on('error', reject)
  })
}

describe.each(Object.entries(listeners))('%s', (_name, create) => {
  it('takes no other spelling of a path for a route', async () => {
    const { server } = await testServer()
    const http = createServer(create(server))
    await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    expect(await send(port, '/oauth/jwks?x=/../y')).toBe(200)
    expect(await send(port, '/oauth/.well-known/openid-configuration')).toBe(200)
    const taken: string[] = []
    for (const target of SPELLINGS) if (![400, 404].includes(await send(port, target))) taken.push(target)
    expect(taken).toEqual([])
    await new Promise((resolve) => void http.close(resolve))
  })
})

describe('fetch()', () => {
  it('takes no other spelling for a route, as far as a URL has one', async () => {
    const { server } = await testServer()
    const paths = [
      '//jwks',
      '/%6awks',
      '/jwks/',
      '/JWKS',
      '/x/..%2fjwks',
      '/%2fjwks',
      '/jwks%00',
      '/jwks;x',
      '/jwks%3fx',
      '/jwks/x',
    ]
    const taken: string[] = []
    for (const path of paths) if ((await server.fetch(new Request(ISSUER + path))).status !== 404) taken.push(path)
    expect(taken).toEqual([])
  })
})
