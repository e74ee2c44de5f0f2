import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import type { AtomicStore } from '../storage/atomic-store.js'
import { storesOver } from '../storage/stores.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser, tokenRequest } from './test-browser.fixture.js'
import { post, tokensOf, verifyToken, WEB } from './test-requests.fixture.js'
import { ISSUER, SPA, testClock, testServer, VERIFIER, type TestServer } from './test-server.fixture.js'

type Parameters = Readonly<Record<string, string>>

/** Prepares what a flow needs, and returns the flow. It resolves to false if it fails. */
type StoreFlow = (world: TestServer) => Promise<() => Promise<boolean>>

/** Creates a server whose stores are all over this one, which may be a real one and then has the real time. */
export function serverOver(store: AtomicStore): Promise<TestServer> {
  const grants = [authorizationCode(), refreshToken(), clientCredentials({ scopes: ['api'] })]
  return testServer({ stores: storesOver(store), grants }, testClock(Math.floor(Date.now() / 1000) * 1000))
}

/** A browser whose user has signed in, and has been at the client before. */
async function signedIn({ server }: TestServer): Promise<(params?: Parameters) => Promise<string>> {
  const browser = testBrowser(server)
  await signIn(browser)
  return async (params) => {
    const path = params ? `/oauth/authorize?${new URLSearchParams(params).toString()}` : authorizePath()
    return locationOf(await browser.get(path)).searchParams.get('code') ?? ''
  }
}

/** Flows whose cost in a store is held. */
export const STORE_FLOWS: Readonly<Record<string, StoreFlow>> = {
  async 'sign-in and code'({ server }) {
    return async () => 'access_token' in (await tokensOf(server))
  },
  async code(world) {
    const authorize = await signedIn(world)
    return async () => 'access_token' in (await json(await redeem(world.server, await authorize())))
  },
  async 'code with a pushed request'(world) {
    const authorize = await signedIn(world)
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    return async () => {
      const { request_uri = '' } = await json(await post(world.server, '/par', params))
      return 'access_token' in (await json(await redeem(world.server, await authorize({ client_id: 'spa', request_uri }))))
    }
  },
  async 'code with DPoP'(world) {
    const [authorize, key] = await Promise.all([signedIn(world), dpopKey(world.clock)])
    const body = {
      grant_type: 'authorization_code',
      client_id: 'spa',
      redirect_uri: SPA.redirectUris[0] ?? '',
      code_verifier: VERIFIER,
    }
    return async () => {
      const request = tokenRequest({ ...body, code: await authorize() }, { dpop: await key.proof() })
      return (await json(await world.server.fetch(request)))['token_type'] === 'DPoP'
    }
  },
  async refresh({ server }) {
    const { refresh_token = '' } = await tokensOf(server)
    const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token }
    return async () => 'refresh_token' in (await json(await server.fetch(tokenRequest(body))))
  },
  async 'client credentials'({ server }) {
    const body = { ...WEB, grant_type: 'client_credentials', scope: 'api' }
    return async () => 'access_token' in (await json(await server.fetch(tokenRequest(body))))
  },
  async introspection({ server }) {
    const { access_token: token = '' } = await tokensOf(server)
    return async () => (await (await post(server, '/introspect', { ...WEB, token })).text()).includes('"active":true')
  },
  async UserInfo({ server }) {
    const { access_token: token } = await tokensOf(server)
    const headers = { authorization: `Bearer ${token}` }
    return async () => (await json(await server.fetch(new Request(`${ISSUER}/userinfo`, { headers }))))['sub'] === 'alice'
  },
  async 'an API call'({ server }) {
    const { access_token: token } = await tokensOf(server)
    return async () => (await verifyToken(server, token)).ok
  },
}
