import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import { rar } from '../features/rar/rar.js'
import { asPage, json, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { SPA, testServer } from '../server/test-server.fixture.js'
import { post, tokensOf } from '../server/test-requests.fixture.js'
import type { ClientRecord } from '../storage/client-record.js'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
const DETAILS = JSON.stringify([{ type: 'payment' }, { type: 'account' }])

/** A server whose client has another record after `change`. */
const setUp = async (options: Parameters<typeof testServer>[0] = {}) => {
  let record: ClientRecord = SPA
  const { server, clock } = await testServer({
    clients: { findClient: (id) => Promise.resolve(id === SPA.clientId ? record : undefined) },
    features: [device(), rar({ types: { payment: { check: () => undefined }, account: { check: () => undefined } } })],
    ...options,
  })
  return { server, clock, change: (changed: Partial<ClientRecord>) => void (record = { ...SPA, ...changed }) }
}

/** Has a device approved. Returns the response to its poll once the record has changed. */
const pollAfter = async ({ server, change }: Awaited<ReturnType<typeof setUp>>, changed: Partial<ClientRecord>) => {
  const body = { client_id: 'spa', scope: 'openid email', authorization_details: DETAILS }
  const { device_code = '', user_code = '' } = await json(await post(server, '/device_authorization', body))
  const browser = testBrowser(server)
  await signIn(browser)
  await browser.submit(await asPage(await browser.get(`/oauth/device?user_code=${user_code}`)), { action: 'consent' })
  change(changed)
  return json(await post(server, '/token', { grant_type: DEVICE_CODE, client_id: 'spa', device_code }))
}

describe('a client whose record allows less than when the user agreed', () => {
  it('gets no more than that for a code', async () => {
    const { server, change } = await setUp()
    const code = (await signIn(testBrowser(server))).searchParams.get('code') ?? ''
    change({ scope: 'openid email' })
    expect((await json(await redeem(server, code)))['scope']).toBe('openid email')
  })

  it('gets no tokens if nothing is left', async () => {
    const { server, change } = await setUp()
    const code = (await signIn(testBrowser(server), { scope: 'openid' })).searchParams.get('code') ?? ''
    change({ scope: 'email' })
    expect((await json(await redeem(server, code)))['error']).toBe('invalid_scope')
  })

  it('gets no more scope for a device code', async () => {
    expect((await pollAfter(await setUp(), { scope: 'email' }))['scope']).toBe('email')
  })

  it('gets no authorization details of another type for a device code', async () => {
    const tokens = await pollAfter(await setUp(), { authorizationDetailsTypes: ['account'] })
    expect(tokens['authorization_details']).toEqual([{ type: 'account' }])
  })

  it('keeps what the policy of the host adds, also in a refresh', async () => {
    const { server, change } = await setUp({ scopePolicy: (scope) => [...new Set([...scope, 'special'])] })
    change({ scope: 'openid email' })
    const tokens = await tokensOf(server)
    expect(tokens['scope']).toBe('openid email special')
    const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }
    expect((await json(await post(server, '/token', body)))['scope']).toBe('openid email special')
  })
})
