// cspell:ignore connectionfailed
import { expect, it } from 'vitest'
import { createTestServer, routePage, type RoutedPage } from '../testing.js'

type Handle = Parameters<RoutedPage['route']>[1]

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly data?: string
  readonly isNavigation?: boolean
}

/** A page of Playwright, without a browser. */
async function openPage(options: Parameters<typeof createTestServer>[0] = {}) {
  const server = createTestServer(options)
  let matches: (url: URL) => boolean = () => false
  let handle: Handle = () => Promise.resolve()
  await routePage({ route: async (...given) => void ([matches, handle] = given) }, server)
  const send = async (url: string, { method = 'GET', headers = {}, data, isNavigation = false }: Sent = {}) => {
    let outcome: { status?: number; headers?: Record<string, string>; body?: string; failed?: string | undefined } = {}
    const request = {
      url: () => url,
      method: () => method,
      allHeaders: async () => ({ ':authority': 'id.example.com', host: 'id.example.com', ...headers }),
      postDataBuffer: () => (data === undefined ? null : new TextEncoder().encode(data)),
      isNavigationRequest: () => isNavigation,
    }
    await handle({
      request: () => request,
      fulfill: async (response) => void (outcome = response),
      abort: async (failed) => void (outcome = { failed }),
    })
    return outcome
  }
  return { server, send, matches: (url: string) => matches(new URL(url)) }
}

const ISSUER = 'https://id.example.com/tenant'

it('routes the requests of a page to the server and its APIs, and no others', async () => {
  const { matches, send, server } = await openPage({ issuer: ISSUER, resources: ['https://api.example.com/v1'] })
  const urls = ['/token', '/.well-known/openid-configuration'].map((path) => ISSUER + path)
  expect([...urls, 'https://api.example.com/v1/x', 'https://api.example.com/v2', 'http://localhost:5173/'].map(matches)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ])
  const { status, headers, body } = await send(urls[1] ?? '', { headers: { origin: 'http://localhost:5173' } })
  expect([status, headers?.['access-control-allow-origin'], JSON.parse(body ?? '')]).toMatchObject([200, '*', { issuer: ISSUER }])
  server.clock.advance(3600)
  const later = await send('https://api.example.com/v1/x', { method: 'POST', data: '{}' })
  expect(later.status).toBe(401)
  expect(Date.parse(later.headers?.['date'] ?? '') - Date.now()).toBeGreaterThan(3_500_000)
})

it('answers a navigation by a page that redirects the browser with the response', async () => {
  const { send } = await openPage({ issuer: ISSUER })
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'spa',
    redirect_uri: 'http://localhost:5173/</script>',
    scope: 'openid',
    state: 's',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  const { status, body = '' } = await send(`${ISSUER}/authorize?${query}`, { isNavigation: true })
  expect(status).toBe(200)
  expect(body).toMatch(/^<!doctype html><script>location\.replace\("http:\/\/localhost:5173\/.*code=.*"\)<\/script>$/)
  expect(body.match(/<\/script>/g)).toHaveLength(1)
})

it('aborts a request without a network', async () => {
  const { send, server } = await openPage({ issuer: ISSUER })
  server.offline()
  expect(await send(`${ISSUER}/token`, { method: 'POST', data: 'a=b' })).toEqual({ failed: 'connectionfailed' })
})
