import { describe, expect, it } from 'vitest'
import { registration } from '../features/registration/registration.js'
import { asPage, authorizePath, json, locationOf, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'

const EVIL = 'https://evil.example/phish'

/** A server where a stranger has registered a client. */
async function open() {
  const clients = clientStore(memoryStore())
  await clients.saveClient(SPA)
  const { server } = await testServer({ clients, features: [registration()] })
  const body = JSON.stringify({
    redirect_uris: [EVIL],
    post_logout_redirect_uris: [EVIL],
    token_endpoint_auth_method: 'none',
  })
  const headers = { 'content-type': 'application/json' }
  const client = await json(await server.fetch(new Request(`${ISSUER}/register`, { method: 'POST', body, headers })))
  return { server, clientId: client['client_id'] ?? '' }
}

describe('a link to this server with the client of a stranger (RFC 9700 §4.11.2)', () => {
  it.each<readonly [string, Readonly<Record<string, string | undefined>>]>([
    ['an unknown scope', { scope: 'bad' }],
    ['a wrong max_age', { max_age: 'x' }],
    ['no PKCE', { code_challenge: undefined }],
    ['an unreadable request', { request: 'x' }],
    ['wrong claims', { claims: 'x' }],
    ['an error by fragment', { scope: 'bad', response_mode: 'fragment' }],
    ['an error by form', { scope: 'bad', response_mode: 'form_post' }],
    ['an error in a silent request', { scope: 'bad', prompt: 'none' }],
  ])('does not lead to its site at once: %s', async (_case, params) => {
    const { server, clientId } = await open()
    const path = authorizePath({ client_id: clientId, redirect_uri: EVIL, ...params })
    const response = await testBrowser(server).get(path)
    const text = await response.text()
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
    expect(text).not.toContain('<script')
    expect(/href="https:\/\/evil\.example\/phish[?#]error=/.test(text)).toBe(params['response_mode'] !== 'form_post')
  })

  it('does not lead to its site at once from the end of a session', async () => {
    const { server, clientId } = await open()
    const path = `/oauth/end-session?client_id=${clientId}&post_logout_redirect_uri=${encodeURIComponent(EVIL)}&state=s`
    const response = await testBrowser(server).get(path)
    const text = await response.text()
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    expect(text).toContain(`href="${EVIL}?state=s"`)
    expect(text).not.toContain('http-equiv')
  })

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['no user is signed in', {}],
    ['the link was clicked', { 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1' }],
    ['a script or another site led to it', { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }],
    ['an image asks for it', { 'sec-fetch-dest': 'image' }],
  ])('does not lead to its site at once by a silent request: %s', async (_case, headers) => {
    const { server, clientId } = await open()
    const path = authorizePath({ client_id: clientId, redirect_uri: EVIL, prompt: 'none', scope: 'openid' })
    const response = await server.fetch(new Request(new URL(path, ISSUER), { headers }))
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
    expect(await response.text()).toContain('error=login_required')
  })

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['consent_required', { prompt: 'none' }],
    ['invalid_scope', { scope: 'bad' }],
    ['login_required', { prompt: 'none', max_age: '0', scope: 'openid' }],
  ])('leads a user who is signed in to it only if the user has agreed to the client before: %s', async (error, params) => {
    const { server, clientId } = await open()
    const browser = testBrowser(server)
    await signIn(browser)
    const client = { client_id: clientId, redirect_uri: EVIL }
    const held = await browser.get(authorizePath({ ...client, ...params }))
    expect([held.status, held.headers.get('location')]).toEqual([400, null])
    const page = await asPage(await browser.get(authorizePath({ ...client, scope: 'openid' })))
    await browser.submit(page, { action: 'consent' })
    const response = await browser.get(authorizePath({ ...client, scope: 'openid profile', ...params }))
    expect(locationOf(response).searchParams.get('error')).toBe(error)
  })

  it('gives a silent request in a frame of its page the error, since the page is its own', async () => {
    const { server, clientId } = await open()
    const path = authorizePath({ client_id: clientId, redirect_uri: EVIL, prompt: 'none', scope: 'openid' })
    const response = await server.fetch(new Request(new URL(path, ISSUER), { headers: { 'sec-fetch-dest': 'iframe' } }))
    expect(locationOf(response).searchParams.get('error')).toBe('login_required')
  })

  it('leaves the clients of the server as they are', async () => {
    const { server } = await open()
    const response = await testBrowser(server).get(authorizePath({ scope: 'bad' }))
    expect(response.headers.get('location')).toContain('error=invalid_scope')
  })
})
