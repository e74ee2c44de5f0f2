import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { SPA, testServer } from '../server/test-server.fixture.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'

const URIS = [
  'https://app.example/日本',
  'https://日本.example/',
  'https://app.example/é',
  'https://app.example/\ncb',
  'https://app.example/\u202E',
  'https://app.example/\uD800',
]

describe('a redirect URI that no header can hold', () => {
  it.each(URIS)('is refused in a list of clients: %j', async (uri) => {
    for (const member of ['redirectUris', 'postLogoutRedirectUris']) {
      const client = { clientId: 'spa', redirectUris: [], [member]: [uri] }
      await expect(testServer({ clients: [client] })).rejects.toThrow(`"${member}" of "spa": expected`)
    }
  })

  it.each(URIS)('is encoded for a stored client, as browsers do: %j', async (uri) => {
    const clients = clientStore(memoryStore())
    await clients.saveClient({ clientId: 'spa', redirectUris: [uri], postLogoutRedirectUris: [uri] })
    const faults: unknown[] = []
    const { server } = await testServer({ clients, hooks: { onError: (error) => void faults.push(error) } })
    const browser = testBrowser(server)
    const address = /\p{Cs}/u.test(uri) ? undefined : uri
    const out = new URLSearchParams({ client_id: 'spa', ...(address !== undefined && { post_logout_redirect_uri: address }) })
    const paths = [
      authorizePath({ redirect_uri: address, code_challenge: undefined }),
      authorizePath({ redirect_uri: address, response_mode: 'fragment', code_challenge: undefined }),
      authorizePath({ redirect_uri: address, prompt: 'none' }),
      ...(address === undefined ? [] : [`/oauth/end-session?${out.toString()}`]),
    ]
    for (const path of paths) {
      const response = await browser.get(path)
      expect([response.status, faults.splice(0)], path).toEqual([302, []])
      expect(response.headers.get('location')?.startsWith(new URL(uri).href)).toBe(true)
    }
  })
})

it('an address of http off loopback gets no response after a sign-out at a stored client', async () => {
  const clients = clientStore(memoryStore())
  const uri = 'http://app.example/bye'
  await clients.saveClient({ clientId: 'spa', redirectUris: [], postLogoutRedirectUris: [uri] })
  const out = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: uri })
  for (const [allowInsecureHttp, status] of [
    [false, 400],
    [true, 302],
  ] as const) {
    const browser = testBrowser((await testServer({ clients, allowInsecureHttp })).server)
    expect((await browser.get(`/oauth/end-session?${out.toString()}`)).status).toBe(status)
  }
})

it.each(['nonsense', '//x', 'https://', 'https://[', 'https://a.example:99999/'])(
  'text that is no URL makes no fault at a stored client: %j',
  async (uri) => {
    const faults: unknown[] = []
    const clients = clientStore(memoryStore())
    await clients.saveClient({ clientId: 'spa', redirectUris: [uri], postLogoutRedirectUris: [uri] })
    const browser = testBrowser((await testServer({ clients, hooks: { onError: (error) => void faults.push(error) } })).server)
    const out = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: uri })
    for (const path of [
      authorizePath({ redirect_uri: uri }),
      authorizePath({ redirect_uri: undefined }),
      authorizePath({ redirect_uri: uri, prompt: 'none' }),
      `/oauth/end-session?${out.toString()}`,
    ])
      expect([(await browser.get(path)).status, faults], path).toEqual([400, []])
  },
)

it.each(['nonsense', 'javascript:alert(1)', 'https://a.example:99999/', 'https://a.example;script-src *'])(
  'an invalid address in a stored client causes no server error at the sign-out, for its keys or for its request: %j',
  async (uri) => {
    const faults: unknown[] = []
    const clients = clientStore(memoryStore())
    const addresses = { frontchannelLogoutUri: uri, backchannelLogoutUri: uri, jwksUri: uri, requestUris: [uri] }
    await clients.saveClient({ ...SPA, ...addresses })
    const { server } = await testServer({ clients, hooks: { onError: (error) => void faults.push(error) } })
    const browser = testBrowser(server)
    for (const more of [{ request: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA' }, { request_uri: uri }])
      expect((await browser.get(authorizePath({ ...more, redirect_uri: undefined }))).status).toBe(400)
    const code = (await signIn(browser)).searchParams.get('code') ?? ''
    expect((await redeem(server, code)).status).toBe(200)
    const page = await asPage(await browser.get('/oauth/end-session'))
    const out = await browser.submit(page, { action: 'sign-out' })
    expect(out.status).toBe(200)
    expect(await out.text()).not.toContain('<iframe')
    // The notice that could not be sent.
    expect(faults.filter((fault) => !String(fault).includes('could not be notified'))).toEqual([])
  },
)

const UNSAFE = [
  'view-source:https://a.example',
  'chrome://settings',
  'ms-word:ofe|u|https://x',
  'mailto:x@y',
  'ws://a.example/',
  'intent://x',
  'javascript:alert(1)',
  'magnet:?xt=urn:btih:1',
  'skype:echo?call',
  'urn:ietf:wg:oauth:2.0:oob',
  'myapp:cb',
  'myapp:/cb',
  'https://u:p@a.example/cb',
]

describe('a redirect URI that starts a program, or is of the browser or system', () => {
  it.each(UNSAFE)('is refused in a list of clients: %s', async (uri) => {
    for (const member of ['redirectUris', 'postLogoutRedirectUris']) {
      const client = { clientId: 'spa', redirectUris: [], [member]: [uri] }
      await expect(testServer({ clients: [client] })).rejects.toThrow(`"${member}" of "spa": expected`)
    }
  })

  it.each(UNSAFE.slice(0, -1))('gets no response for a stored client: %s', async (uri) => {
    const clients = clientStore(memoryStore())
    await clients.saveClient({ clientId: 'spa', redirectUris: [uri], postLogoutRedirectUris: [uri] })
    const browser = testBrowser((await testServer({ clients })).server)
    const out = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: uri })
    for (const path of [authorizePath({ redirect_uri: uri, prompt: 'none' }), `/oauth/end-session?${out.toString()}`]) {
      const response = await browser.get(path)
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
    }
  })

  it.each(['com.example.app:/cb', 'my-app://cb', 'ms-app://s-1-15-2/', 'ms-appx-web://x/', 'chrome-extension://abc/cb'])(
    'is not one of an app: %s',
    async (uri) => {
      const clients = clientStore(memoryStore())
      await clients.saveClient({ clientId: 'app', applicationType: 'web', redirectUris: [uri], postLogoutRedirectUris: [uri] })
      const web = testBrowser((await testServer({ clients })).server)
      const path = authorizePath({ client_id: 'app', redirect_uri: uri, prompt: 'none' })
      expect((await web.get(path)).status, 'of a stored web application').toBe(400)
      const listed = [{ clientId: 'app', applicationType: 'web', redirectUris: [uri] } as const]
      await expect(testServer({ clients: listed })).rejects.toThrow('"redirectUris" of "app": expected')
      await expect(
        testServer({ clients: [{ clientId: 'app', applicationType: 'native', redirectUris: [uri] }] }),
      ).resolves.toBeDefined()
    },
  )
})
