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
