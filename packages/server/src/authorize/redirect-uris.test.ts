import { describe, expect, it } from 'vitest'
import { authorizePath, testBrowser } from '../server/test-browser.fixture.js'
import { testServer } from '../server/test-server.fixture.js'
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

describe('a redirect URI that no header can hold (issue 10, 12)', () => {
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

const UNSAFE = [
  'view-source:https://a.example',
  'chrome://settings',
  'ms-word:ofe|u|https://x',
  'mailto:x@y',
  'ws://a.example/',
  'intent://x',
  'javascript:alert(1)',
  'https://u:p@a.example/cb',
]

describe('a redirect URI that starts a program, or is of the browser or system (finding G23)', () => {
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
      await expect(
        testServer({ clients: [{ clientId: 'app', applicationType: 'native', redirectUris: [uri] }] }),
      ).resolves.toBeDefined()
    },
  )
})
