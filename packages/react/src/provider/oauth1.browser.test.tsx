import { createOAuthClient, memory } from '@latchkey/core'
import { createOAuth1Client, type OAuth1ClientOptions } from '@latchkey/oauth1'
import { memoryStore, userSite } from '@latchkey/server'
import { createOAuth1Server, oauth1StoreHooks } from '@latchkey/server/oauth1'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { StrictMode, useState } from 'react'
import { expect, it } from 'vitest'
import { openPage } from '../fixtures/open-page.fixture.js'
import { OAuthProvider, useAuthedFetch, useLogin, useLogout, useOAuth, useToken } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

const PROVIDER = 'https://provider.example'
const API = 'https://api.example/'

let count = 0

/** A provider of OAuth 1.0a in this page, and the options of a client. The user allows everything at once. */
function createWorld() {
  const consumerKey = `photos-${(count += 1)}`
  const requests: string[] = []
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const hooks = oauth1StoreHooks(memoryStore(), secret)
  const clients = [{ clientId: consumerKey, clientSecret: 'secret' }]
  const server = createOAuth1Server({ url: PROVIDER, clients, site: userSite({ users: [{ sub: 'alice' }] }), secret, hooks })
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    requests.push(new URL(request.url).pathname)
    if (server.handles(new URL(request.url))) return server.fetch(request)
    const verified = await server.verifyRequest(request)
    return verified.ok ? Response.json({ owner: verified.userId }) : verified.response
  }
  /** @returns where the browser is sent */
  const authorize = async (url: URL): Promise<URL> => {
    const token = url.searchParams.get('oauth_token') ?? ''
    const temporary = (await hooks.getTemporaryCredential(token)) ?? expect.fail('unknown temporary credentials')
    await hooks.createAuthorizationVerifier(temporary, { userId: 'alice', verifier: 'verifier' })
    const callback = new URL(temporary.callback)
    callback.searchParams.set('oauth_token', token)
    callback.searchParams.set('oauth_verifier', 'verifier')
    return callback
  }
  const options: OAuth1ClientOptions = {
    consumerKey,
    consumerSecret: 'secret',
    temporaryCredentialsUrl: `${PROVIDER}/initiate`,
    authorizationUrl: `${PROVIDER}/authorize`,
    tokenCredentialsUrl: `${PROVIDER}/token`,
    callbackUrl: new URL('/', location.href).href,
    resources: [API],
    storage: memory(),
    transport: { name: 'test', prepare: () => ({ navigate: ({ url }) => authorize(url), cancel: () => undefined }) },
    userInfo: async (signedFetch) => ({ sub: ((await (await signedFetch(API)).json()) as { owner: string }).owner }),
    fetch,
  }
  return { options, requests, authorize }
}

function Photos() {
  const { status, claims, error } = useOAuth('photos')
  const { tokenType } = useToken({ client: 'photos' })
  const { login } = useLogin('photos')
  const { logout } = useLogout('photos')
  const authedFetch = useAuthedFetch({ client: 'photos' })
  const [owner, setOwner] = useState('')
  const load = async (): Promise<void> => setOwner(((await (await authedFetch(API)).json()) as { owner: string }).owner)
  return (
    <>
      <p>{`${status} ${claims?.sub ?? error?.code ?? 'no user'} ${tokenType ?? 'none'} ${owner}`}</p>
      <button onClick={() => void login().catch(() => undefined)}>sign in</button>
      <button onClick={() => void load()}>load</button>
      <button onClick={() => void logout()}>sign out</button>
    </>
  )
}

it('serves the hooks as every other client does: sign-in, signed requests, sign-out', async () => {
  const { options, requests } = createWorld()
  const modern = createOAuthClient({ issuer: 'https://id.example', clientId: 'app', storage: memory() })
  render(
    <StrictMode>
      <OAuthProvider clients={{ modern, photos: createOAuth1Client(options) }}>
        <Photos />
      </OAuthProvider>
    </StrictMode>,
  )
  await screen.findByText(/signed-out no user none/)
  fireEvent.click(screen.getByText('sign in'))
  await screen.findByText(/signed-in alice OAuth1/)
  expect(requests).toEqual(['/initiate', '/token', '/'])
  fireEvent.click(screen.getByText('load'))
  await screen.findByText(/signed-in alice OAuth1 alice/)
  fireEvent.click(screen.getByText('sign out'))
  await screen.findByText(/signed-out no user none/)
})

it('completes a redirect once in StrictMode, cleans the address bar and shows the page on which it started', async () => {
  const { options, requests, authorize } = createWorld()
  const storage = memory()
  let callback: URL | undefined
  const first = createOAuth1Client({
    ...options,
    storage,
    transport: {
      name: 'redirect',
      prepare: () => ({
        navigate: async ({ url }) => {
          callback = await authorize(url)
          return new Promise(() => undefined)
        },
        cancel: () => undefined,
      }),
    },
  })
  void first.login({ returnTo: '/albums?page=2#top' })
  await waitFor(() => expect(callback).toBeDefined())
  openPage(callback ?? '')
  const client = createOAuth1Client({ ...options, storage })
  expect(client.isCallback()).toBe(true)
  render(
    <StrictMode>
      <OAuthProvider clients={{ photos: client }}>
        <Photos />
      </OAuthProvider>
    </StrictMode>,
  )
  await screen.findByText(/signed-in alice OAuth1/)
  expect(requests.filter((path) => path === '/token')).toHaveLength(1)
  expect(location.pathname + location.search + location.hash).toBe('/albums?page=2#top')
})

it('reports a response for other temporary credentials, and sends nothing for it', async () => {
  const { options, requests, authorize } = createWorld()
  const client = createOAuth1Client({
    ...options,
    transport: {
      name: 'test',
      prepare: () => ({
        navigate: async ({ url }) => {
          const callback = await authorize(url)
          callback.searchParams.set('oauth_token', 'swapped')
          return callback
        },
        cancel: () => undefined,
      }),
    },
  })
  render(
    <OAuthProvider clients={{ photos: client }}>
      <Photos />
    </OAuthProvider>,
  )
  await screen.findByText(/signed-out no user/)
  await act(async () => fireEvent.click(screen.getByText('sign in')))
  await screen.findByText(/signed-out mismatching_state/)
  expect(requests).toEqual(['/initiate'])
})
