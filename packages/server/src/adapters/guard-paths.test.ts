import express from 'express'
import fastify from 'fastify'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import { API, authorize, oauth1World } from '../features/oauth1/oauth1.fixture.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { json, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { tokensOf, WEB } from '../server/test-requests.fixture.js'
import { testServer } from '../server/test-server.fixture.js'
import { digest } from '../storage/digest.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { toExpressGuard, toFastifyGuard, toNodeGuard } from './node-guards.js'
import { toExpressOAuth1Guard, toFastifyOAuth1Guard, toNodeOAuth1Guard } from './oauth1-node-guards.js'

const ORIGIN = 'https://api.example'

/** Targets that a router takes for routes below `/admin`, and the URL parser for `/photos`. */
const SPELLINGS = [
  '/admin/../photos',
  '/admin/%2e%2e/photos',
  '/admin/%2E./photos',
  '/admin/.%2e/photos',
  '/admin/x/../../photos',
  '/admin/./../photos',
  '/admin/..\\photos',
  '/admin\\..\\photos',
  '/admin/.\t./photos',
  '/admin/../photos?x=/admin/',
]

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Guards {
  readonly node: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>
  readonly express: ReturnType<typeof toExpressGuard>
  readonly fastify: ReturnType<typeof toFastifyGuard> | ReturnType<typeof toFastifyOAuth1Guard>
}

const bearerGuards = (server: AuthorizationServer): Guards => ({
  node: toNodeGuard(server, { origin: ORIGIN }),
  express: toExpressGuard(server, { origin: ORIGIN }),
  fastify: toFastifyGuard(server, { origin: ORIGIN }),
})

async function listen(listener: RequestListener): Promise<number> {
  const http = createServer(listener)
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  closing.push(() => (http.closeAllConnections(), http.close()))
  return (http.address() as AddressInfo).port
}

const HOSTS: Readonly<Record<string, (guards: Guards) => Promise<number>>> = {
  Node: ({ node }) =>
    listen((request, response) => {
      void node(request, response).then((access) => access && response.end('data'))
    }),
  Express: (guards) => listen(express().use(['/admin', '/photos'], guards.express, (_, response) => void response.send('data'))),
  Fastify: async ({ fastify: guard }) => {
    const app = fastify()
    app.get('*', { preHandler: (request, reply) => guard(request, reply) }, () => 'data')
    closing.push(() => app.close())
    return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  },
}

/** Sends requests whose targets no URL parser changes. Returns those that got data. */
async function acceptedOf(port: number, targets: readonly string[], headers: string): Promise<string[]> {
  const accepted: string[] = []
  for (const target of targets) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET ${target} HTTP/1.1\r\nHost: api.example\r\n${headers}\r\nConnection: close\r\n\r\n`)
    const response = (await socket.setEncoding('utf8').toArray()).join('')
    expect(response).toMatch(/^HTTP\/1\.1 (?:200|400|404) /)
    if (response.startsWith('HTTP/1.1 200')) accepted.push(target)
  }
  return accepted
}

/** Paths that other parts of a URL, or an encoding, must not make invalid. */
const OWN = ['/photos', '/photos/', '/photos/a.b/..c/%C3%A9', '/photos/x..', '/photos?x=/../y', '/photos?x=\\', '/photos/a|b{c}^']

describe.each(Object.entries(HOSTS))('a guard for %s gets another spelling of a path', (_host, start) => {
  it('accepts no token for one path at the routes of another one', async () => {
    const { server } = await testServer()
    const { access_token: token } = await tokensOf(server, testBrowser(server), { resource: `${ORIGIN}/photos` })
    const port = await start(bearerGuards(server))
    expect(await acceptedOf(port, SPELLINGS, `Authorization: Bearer ${token}`)).toEqual([])
    expect(await acceptedOf(port, OWN, `Authorization: Bearer ${token}`)).toEqual(OWN)
  })

  it('accepts no DPoP proof for one path at the routes of another one', async () => {
    const { server, clock } = await testServer({ grants: [clientCredentials()] })
    const key = await dpopKey(clock)
    const request = tokenRequest({ ...WEB, grant_type: 'client_credentials', scope: 'email' }, { dpop: await key.proof() })
    const { access_token: token = '' } = await json(await server.fetch(request))
    const port = await start(bearerGuards(server))
    const proof = await key.proof({ htm: 'GET', htu: `${ORIGIN}/photos`, ath: await digest(token) })
    const headers = `Authorization: DPoP ${token}\r\nDPoP: ${proof}`
    expect(await acceptedOf(port, SPELLINGS, headers)).toEqual([])
    expect(await acceptedOf(port, ['/photos'], headers)).toEqual(['/photos'])
  })

  it('accepts no OAuth 1.0a signature of one path at the routes of another one', async () => {
    const seen: Request[] = []
    const world = oauth1World({ now: Date.now }, { now: Date.now, fetch: (input, init) => send(input, init) })
    const send: typeof fetch = async (input, init) => {
      seen.push(new Request(input, init))
      return String(input instanceof Request ? input.url : input).startsWith(API) ? new Response() : world.send(input, init)
    }
    await authorize(world)
    await world.client.fetch(API)
    const headers = `Authorization: ${seen.at(-1)?.headers.get('authorization')}`
    const port = await start({
      node: toNodeOAuth1Guard(world.server, { origin: ORIGIN }),
      express: toExpressOAuth1Guard(world.server, { origin: ORIGIN }),
      fastify: toFastifyOAuth1Guard(world.server, { origin: ORIGIN }),
    })
    expect(await acceptedOf(port, SPELLINGS.slice(0, -1), headers)).toEqual([])
    expect(await acceptedOf(port, ['/photos'], headers)).toEqual(['/photos'])
  })
})
