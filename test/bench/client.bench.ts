// Run time of the client in Chromium, compared with oidc-client-ts and with no library: `npm run bench`.
// The network is a function that responds at once, so that only the library's own time is measured.
import {
  createAuthorizationUrl,
  createOAuthClient,
  exchange,
  indexedDb,
  type ClientOptions,
  type OAuthClient,
} from '@latchkey/core'
import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { bench, describe } from 'vitest'
import { clientId, createTestProvider, issuer, redirectUri } from '../conformance/test-provider.js'

const API = 'https://api.example/me'
const provider = await createTestProvider()
const response = new Response('{}')
// A `Request` and a `Response` cost more time than what is measured.
const answer: typeof fetch = async (input, init) => {
  if (input !== API) return provider.fetch(new Request(input, init))
  if (!new Headers(init?.headers).has('authorization')) throw new Error('the call came without a token')
  return response
}

const options: ClientOptions = {
  issuer,
  clientId,
  redirectUri,
  resources: [API],
  storage: indexedDb('bench'),
  fetch: answer,
}
const client = await signedIn()
const manager = await peer()

async function signedIn(): Promise<OAuthClient> {
  const made = createOAuthClient(options)
  await made.start()
  const { url } = await createAuthorizationUrl(made)
  await exchange(made, await provider.authorize(url))
  return made
}

function createPeer(): UserManager {
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
  })
}

async function peer(): Promise<UserManager> {
  const made = createPeer()
  const { accessToken, idToken } = client.getTokenSet() ?? {}
  const session = {
    access_token: accessToken ?? '',
    token_type: 'Bearer',
    id_token: idToken ?? '',
    expires_at: Date.now() / 1000 + 3600,
  }
  await made.storeUser(new User({ ...session, profile: { sub: 'user-1', iss: issuer, aud: clientId, exp: 0, iat: 0 } }))
  return made
}

describe('start with a stored session', () => {
  bench('latchkey: sealed, in IndexedDB', async () => {
    const started = createOAuthClient(options)
    await started.start()
    if (started.getSnapshot().status !== 'signed-in') throw new Error('no user is signed in')
    await started.close()
  })
  bench('oidc-client-ts: in the clear, in localStorage', async () => {
    if (!(await createPeer().getUser())) throw new Error('no user is signed in')
  })
})

describe('the access token of a running session', () => {
  bench('latchkey', async () => {
    await client.getAccessToken()
  })
  bench('oidc-client-ts', async () => {
    if (!(await manager.getUser())?.access_token) throw new Error('no token')
  })
})

describe('a call of the API', () => {
  bench('latchkey', async () => {
    await client.fetch(API)
  })
  bench('oidc-client-ts, header by hand', async () => {
    const user = await manager.getUser()
    await answer(API, { headers: { authorization: `Bearer ${user?.access_token}` } })
  })
  bench('no library, header by hand', async () => {
    await answer(API, { headers: { authorization: 'Bearer known' } })
  })
})
