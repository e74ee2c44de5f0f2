import { describe, expect, it } from 'vitest'
import { authorizePath } from '../server/test-browser.fixture.js'
import { ALICE, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { userSite } from './user-site.js'

const WRONG = 'https://app.example/<b>typo</b>'

async function page(
  path: string,
  site = userSite({ users: [ALICE] }),
): Promise<{ readonly status: number; readonly text: string }> {
  const { server } = await testServer({ site })
  const response = await server.fetch(new Request(new URL(path, ISSUER)))
  return { status: response.status, text: await response.text() }
}

const explained = userSite({
  users: [ALICE],
  explainMismatch: ({ clientId, parameter, redirectUris = ['none'] }) => ({
    text: `${clientId} ${parameter} ${redirectUris.join(' ')}`,
    code: 'clients: <here>',
    appUrl: 'http://127.0.0.1:5173/',
  }),
})

const explainedWithUri = userSite({
  users: [ALICE],
  explainMismatch: ({ redirectUri = '' }) => ({ text: 'Add it', code: redirectUri }),
})

describe('the page about a request that does not fit the registration', () => {
  it('shows nothing of the registration by default', async () => {
    const { status, text } = await page(authorizePath({ redirect_uri: WRONG }))
    expect(status).toBe(400)
    expect(text).not.toContain(SPA.redirectUris[0])
    expect(text).not.toContain('typo')
  })

  it('shows the received and the registered redirect URIs, the fix and a link back to a developer', async () => {
    const { status, text } = await page(authorizePath({ redirect_uri: WRONG }), explained)
    expect(status).toBe(400)
    expect(text).toContain('https://app.example/&lt;b&gt;typo&lt;/b&gt;')
    for (const uri of SPA.redirectUris) expect(text).toContain(`<code>${uri}</code>`)
    expect(text).toContain(`spa redirect_uri ${SPA.redirectUris.join(' ')}`)
    expect(text).toContain('clients: &lt;here&gt;')
    expect(text).toContain('<a href="http://127.0.0.1:5173/">Back to the app</a>')
  })

  it('names an unknown client', async () => {
    const { text } = await page(authorizePath({ client_id: 'spb' }), explained)
    expect(text).toContain('no client <code>spb</code>')
    expect(text).toContain('spb redirect_uri none')
  })

  it('is the same for the address after a sign-out', async () => {
    const query = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: WRONG }).toString()
    const { text } = await page(`/oauth/end-session?${query}`, explained)
    expect(text).toContain('Received as <code>post_logout_redirect_uri</code>')
    expect(text).toContain('spa post_logout_redirect_uri')
  })

  it('cuts off a long address', async () => {
    const { text } = await page(authorizePath({ redirect_uri: `https://app.example/${'x'.repeat(900)}` }), explained)
    expect(text).toContain('x…')
    expect(text).not.toContain('x'.repeat(600))
  })

  it('shows hidden characters and those that change the direction, also in the fix', async () => {
    const site = userSite({
      users: [ALICE],
      explainMismatch: ({ clientId, redirectUri = '' }) => ({ text: `Add ${clientId}:`, code: `a\n  ${redirectUri}` }),
    })
    const misleading = 'https://app.example/\u202Emoc.live\u200B/'
    const visible = 'https://app.example/\\u{202e}moc.live\\u{200b}/'
    const { text } = await page(authorizePath({ redirect_uri: misleading, client_id: 'spa' }), site)
    expect(text).not.toMatch(/[\u202E\u200B]/)
    expect(text).toContain(`<bdi><code>${visible}</code></bdi>`)
    expect(text).toContain(`a\n  ${visible}</code></pre>`)
    const client = await page(authorizePath({ client_id: 'sp\u202Ea' }), site)
    expect(client.text).toContain('Add sp\\u{202e}a:')
    expect(client.text).not.toContain('\u202E')
  })

  it('cuts off a long address in the fix too, and says whose addresses to register', async () => {
    const { text } = await page(authorizePath({ redirect_uri: `https://evil.example/${'x'.repeat(9000)}` }), explainedWithUri)
    expect(text).not.toContain('x'.repeat(5000))
    expect(text).toContain('Register addresses of your own apps only.')
  })

  it('needs a function', () => {
    // @ts-expect-error -- a string
    expect(() => userSite({ users: [ALICE], explainMismatch: 'x' })).toThrow('"explainMismatch": expected a function')
  })
})
