import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientCredentials, createAuthorizationServer, jwtGenerator, userSite } from '@latchkey/server'
import { toNodeMiddleware } from '@latchkey/server/node'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackChannelReport } from '../src/logout/back-channel-report.js'
import { backChannelFaults } from '../src/logout/logout-faults.js'
import { createLogoutReceiver } from './logout-receiver.js'

const SECRET = 'public-demo-secret-of-32-letters'
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const http = createServer()
const keys = await generateKeyPair('ES256', { extractable: true })
let origin: string
let accessToken: string

beforeAll(async () => {
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const server = createAuthorizationServer({
    issuer: `${origin}/oauth`,
    clients: [{ clientId: 'service', clientSecret: SECRET, redirectUris: [], grantTypes: ['client_credentials'] }],
    grants: [clientCredentials({ scopes: ['profile'] })],
    scopes: ['profile'],
    site: userSite({ users: [] }),
    tokens: jwtGenerator(),
    keys: [{ ...(await exportJWK(keys.privateKey)), alg: 'ES256', kid: 'first' }],
  })
  const oauth = toNodeMiddleware(server)
  const receiver = createLogoutReceiver('/oauth')
  http.on('request', (request, response) => {
    oauth(request, response, () => receiver(request, response, () => void response.writeHead(404).end()))
  })
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`service:${SECRET}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'profile' }),
  })
  accessToken = String(((await response.json()) as { readonly access_token: unknown }).access_token)
})

afterAll(() => void (http.closeAllConnections(), http.close()))

const sameOrigin = { 'sec-fetch-site': 'same-origin' }

/** The page of one test: it says which fault it wants, listens as the tab of a session, and reads the reports. */
async function openPage(fault: string, id: string = crypto.randomUUID()) {
  const url = `${origin}/logout-demo/${id}`
  const body = JSON.stringify({ clientId: 'spa', fault })
  expect((await fetch(url, { method: 'PUT', headers: sameOrigin, body })).status).toBe(204)
  const authorization = `Bearer ${accessToken}`
  const stream = await fetch(`${url}/events?sid=${id}`, { headers: { authorization } })
  expect(stream.status).toBe(200)
  const reports = textOf(await fetch(`${url}/reports`))
  const next = async (): Promise<BackChannelReport> => {
    const text = await reports.until('data: ')
    return JSON.parse(text.slice(text.indexOf('{'))) as BackChannelReport
  }
  const signOut = async (): Promise<number> => {
    const token = new SignJWT({ sid: id, events: { [EVENT]: {} }, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'first', typ: 'logout+jwt' })
      .setIssuer(`${origin}/oauth`)
      .setSubject('service')
      .setAudience('spa')
      .setIssuedAt()
      .setExpirationTime('2m')
    const form = new URLSearchParams({ logout_token: await token.sign(keys.privateKey) })
    return (await fetch(url, { method: 'POST', body: form })).status
  }
  return { stream: textOf(stream), next, signOut }
}

/** Reads a stream event by event. */
function textOf(response: Response) {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const until = async (part: string): Promise<string> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      const event = text.slice(0, end)
      if (end >= 0) text = text.slice(end + 2)
      if (end >= 0 && event.includes(part)) return event
      if (end >= 0) continue
      const result = await reader?.read()
      if (!result || result.done) return 'the stream has ended'
      text += decoder.decode(result.value)
    }
  }
  return { until, cancel: () => reader?.cancel() }
}

describe('the API of the page “Logout by the server”', () => {
  it('tells the tab of the session that has ended, and the page what the server sent', async () => {
    const { stream, next, signOut } = await openPage('none')
    expect(await signOut()).toBe(200)
    expect(await stream.until('logout')).toContain('event: logout')
    const report = await next()
    expect(report).toMatchObject({ status: 200, isAltered: false, isLast: true, claims: { aud: 'spa', sub: 'service' } })
    expect(report.token).toMatch(/^••••.{4} \(/)
  })

  it.each([
    ['signature', /signature/],
    ['aud', /another-app.*expected.*spa/],
    ['nonce', /'nonce', which only ID tokens have/],
    ['replay', /used before/],
    ['sid', undefined],
  ] as const)('does not end the session of the tab by a message with the fault "%s"', async (fault, refusal) => {
    expect(backChannelFaults.map(({ id }) => id)).toContain(fault)
    const { stream, next, signOut } = await openPage(fault)
    expect(await signOut()).toBe(200)
    const first = await next()
    const report = fault === 'replay' ? await next() : first
    expect(report).toMatchObject({ status: refusal ? 400 : 200, isAltered: true, isLast: true })
    if (refusal) expect(report.refusal).toMatch(refusal)
    // A replay is the second message; the first one was right.
    if (fault === 'replay') expect(await stream.until('logout')).toContain('event: logout')
    else expect(await Promise.race([stream.until('logout'), Promise.resolve('no event')])).toBe('no event')
    await stream.cancel()
  })

  it('is configured by its own page only, and opens a stream only for a token', async () => {
    const url = `${origin}/logout-demo/mine`
    const body = JSON.stringify({ clientId: 'spa', fault: 'none' })
    expect((await fetch(url, { method: 'PUT', body })).status).toBe(403)
    expect((await fetch(url, { method: 'POST', body: new URLSearchParams() })).status).toBe(404)
    expect((await fetch(url, { method: 'PUT', headers: sameOrigin, body: '{}' })).status).toBe(400)
    expect((await fetch(url, { method: 'PUT', headers: sameOrigin, body })).status).toBe(204)
    expect((await fetch(`${url}/events`)).status).toBe(401)
  })
})
