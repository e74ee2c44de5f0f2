import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, signIn, testBrowser } from './test-browser.fixture.js'
import { post, tokensOf, verifyToken } from './test-requests.fixture.js'
import { testServer } from './test-server.fixture.js'

describe('a clock that was set back', () => {
  it('makes no sign-in fresh for "max_age"', async () => {
    const { server, clock } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    clock.advance(-7200)
    expect((await browser.get(authorizePath({ max_age: '1' }))).status).toBe(200)
    const accounts = await asPage(await browser.get(authorizePath({ max_age: '1', prompt: 'select_account' })))
    expect((await browser.submit(accounts, { action: 'continue' })).status).toBe(200)
    expect((await signIn(browser, { max_age: '1' })).searchParams.has('code')).toBe(true)
  })

  it('makes no used refresh token usable', async () => {
    const { server, clock } = await testServer()
    const tokens = await tokensOf(server)
    const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }
    await post(server, '/token', body)
    clock.advance(-3600)
    expect((await post(server, '/token', body)).status).toBe(400)
    expect((await verifyToken(server, tokens['access_token'])).ok).toBe(false)
  })
})
