import { describe, expect, it } from 'vitest'
import { json } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { registration } from './registration/registration.js'

/** Addresses that a browser on a page of https, or a content security policy, reads as something else than the URL parser. */
const ODD = [
  'https:evil.example/cb',
  'https:/evil.example/cb',
  'https:///evil.example/cb',
  'https:\\\\evil.example/cb',
  'https://evil.example\\cb',
  'HTTPS:evil.example/cb',
  'https://a;script-src.example/',
  'https://a,b.example/',
  "https://a'b.example/",
  'https://a*b.example/',
  'https://%61.example/',
  'https:evil.example',
]

describe('an odd web address', () => {
  it.each(ODD)('is not registered: %s', async (uri) => {
    const { server } = await testServer({ clients: clientStore(memoryStore()), features: [registration()] })
    for (const member of ['redirect_uris', 'post_logout_redirect_uris', 'frontchannel_logout_uri', 'backchannel_logout_uri']) {
      const metadata = { redirect_uris: ['https://a.example/'], [member]: member.endsWith('s') ? [uri] : uri }
      const headers = { 'content-type': 'application/json' }
      const response = await server.fetch(
        new Request(`${ISSUER}/register`, { method: 'POST', body: JSON.stringify(metadata), headers }),
      )
      expect(response.status, member).toBe(400)
      expect((await json(response))['error']).toMatch(/^invalid_/)
    }
  })

  it.each(ODD)('is no address of a listed client: %s', async (uri) => {
    for (const member of [{ redirectUris: [uri] }, { postLogoutRedirectUris: [uri] }, { frontchannelLogoutUri: uri }])
      await expect(testServer({ clients: [{ ...SPA, ...member }] })).rejects.toThrow(/clients: "\w+" of "spa"/)
  })

  it.each([
    'https://a.example',
    'https://a_b.example:8443/cb?x=1',
    'http://127.0.0.1:1/cb',
    'http://[::1]/cb',
    'http://localhost/',
  ])('is none of these: %s', async (uri) => {
    await expect(testServer({ clients: [{ ...SPA, redirectUris: [uri] }] })).resolves.toBeDefined()
  })
})
