import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createTokenVerifier, type TokenVerifier } from '../verifier/create-token-verifier.js'
import { API, ISSUER, proofKey, testClock, testIssuer, type TestIssuer } from '../verifier/test-issuer.fixture.js'
import { toTrpcGuard, type TrpcGuardContext } from '../trpc.js'

const clock = testClock()
const closing: Array<() => unknown> = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function world(): Promise<{ issuer: TestIssuer; verifier: TokenVerifier; router: ReturnType<typeof routerOf> }> {
  const issuer = await testIssuer(clock)
  const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch })
  return { issuer, verifier, router: routerOf(verifier) }
}

function routerOf(verifier: TokenVerifier) {
  const t = initTRPC.context<TrpcGuardContext>().create()
  const orders = toTrpcGuard(verifier, { scope: 'orders:read' })
  const admin = toTrpcGuard(verifier, { scope: 'admin' })
  return t.router({
    orders: t.procedure.use(async ({ ctx, next }) => next({ ctx: await orders(ctx) })).query(({ ctx }) => ctx.token.sub),
    count: t.procedure.use(async ({ ctx, next }) => next({ ctx: await orders(ctx) })).query(() => 7),
    admin: t.procedure.use(async ({ ctx, next }) => next({ ctx: await admin(ctx) })).query(() => 'secret'),
  })
}

describe('a guard for tRPC', () => {
  const call = (router: ReturnType<typeof routerOf>, path: string, headers: HeadersInit = {}): Promise<Response> =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(`${API}/trpc/${path}`, { headers }),
      router,
      createContext: ({ req, resHeaders }) => ({ req, resHeaders }),
      onError: () => undefined,
    })

  it('lets a valid token through, and gives it to the procedure', async () => {
    const { issuer, router } = await world()
    const response = await call(router, 'orders', { authorization: `Bearer ${await issuer.token()}` })
    expect([response.status, await response.json()]).toEqual([200, { result: { data: 'ada' } }])
  })

  it('refuses every other call with the status and the challenge', async () => {
    const { issuer, router } = await world()
    const none = await call(router, 'orders')
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer realm/)])
    const less = await call(router, 'admin', { authorization: `Bearer ${await issuer.token()}` })
    expect([less.status, less.headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('insufficient_scope')])
    expect(await less.text()).not.toContain('secret')
  })

  it('uses one DPoP proof for a batch', async () => {
    const { issuer, router } = await world()
    const key = await proofKey(clock)
    const token = await issuer.token({ cnf: { jkt: key.jkt } })
    const dpop = await key.proof(token, { htu: `${API}/trpc/orders,count` })
    const headers = { authorization: `DPoP ${token}`, dpop }
    const response = await call(router, 'orders,count?batch=1', headers)
    expect(await response.json()).toEqual([{ result: { data: 'ada' } }, { result: { data: 7 } }])
    expect((await call(router, 'orders,count?batch=1', headers)).status).toBe(401)
  })

  it('works with the adapters for Node', async () => {
    const { issuer, router } = await world()
    const handler = createHTTPHandler({ router, createContext: ({ req, res }) => ({ req, res }), onError: () => undefined })
    const http = createServer(handler)
    await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
    closing.push(() => (http.closeAllConnections(), http.close()))
    const address = http.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/orders`
    expect((await fetch(url, { headers: { authorization: `Bearer ${await issuer.token()}` } })).status).toBe(200)
    const none = await fetch(url)
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer realm/)])
  })
})
