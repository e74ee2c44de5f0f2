import { describe, expect, it } from 'vitest'
import { password } from '../token/grants/password.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { WEB, post } from '../server/test-requests.fixture.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ALICE, testServer } from '../server/test-server.fixture.js'
import type { SiteAdapter } from './site-adapter.js'
import { userSite } from './user-site.js'

/** Runs a request at a site with one faulty method, and returns what the host's `onError` got. */
async function errorsOf(faulty: object, run: 'authorize' | 'password' = 'authorize'): Promise<string> {
  const errors: string[] = []
  const site = { ...userSite({ users: [ALICE] }), ...faulty } as SiteAdapter
  const { server } = await testServer({
    site,
    grants: [authorizationCode(), password()],
    hooks: { onError: (error) => void errors.push(String(error)) },
  })
  if (run === 'password') {
    const body = { grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'openid', ...WEB }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'server_error' })
  } else {
    const browser = testBrowser(server)
    const response = await browser.get(authorizePath())
    if (response.status === 200) {
      const sent = await browser.submit(await asPage(response), { action: 'sign-in', username: 'alice', password: 'wonderland' })
      const code = sent.headers.has('location') ? locationOf(sent).searchParams.get('code') : null
      if (code !== null) await redeem(server, code)
    } else expect(locationOf(response).searchParams.get('error')).toBe('server_error')
  }
  return errors.join('\n')
}

describe('a site whose method returns something else than it must', () => {
  const USERS: readonly (readonly [object, RegExp])[] = [
    [{ authenticate: () => ({}) }, /site: "authenticate" .*"userId"/],
    [{ authenticate: () => Promise.resolve({ userId: '' }) }, /site: "authenticate" .*"userId"/],
    [{ authenticate: () => ({ userId: 42 }) }, /site: "authenticate" .*"userId".*number/],
    [{ authenticate: () => ({ sub: 'alice' }) }, /site: "authenticate" .*"userId"/],
    [{ authenticate: () => 'alice' }, /site: "authenticate" .*string/],
    [{ authenticate: () => ({ userId: 'alice', authTime: Date.UTC(2026, 0, 1) }) }, /site: "authenticate" .*"authTime".*seconds/],
    [{ renderAuthorizationPage: () => ({}) }, /site: "renderAuthorizationPage" .*"html"/],
    [{ renderAuthorizationPage: () => undefined }, /site: "renderAuthorizationPage" .*"html"/],
    [{ renderAuthorizationPage: () => ({ html: () => ({}) }) }, /"html" .*string/],
    [{ userDeniedAccess: () => ({}) }, /site: "userDeniedAccess" .*true or false/],
    [{ claims: () => 'Alice' }, /site: "claims" .*string/],
  ]
  for (const [faulty, message] of USERS) {
    it(`is named in onError: ${Object.entries(faulty)
      .map(([name, method]) => `${name}: ${String(method)}`)
      .join()}`, async () => {
      expect(await errorsOf(faulty)).toMatch(message)
    })
  }

  it('is named in onError of the password grant', async () => {
    expect(await errorsOf({ authenticatePassword: () => ({}) }, 'password')).toMatch(/site: "authenticatePassword" .*"userId"/)
  })

  it('may return null for undefined', async () => {
    expect(await errorsOf({ authenticate: () => null, claims: () => null })).toBe('')
  })

  it('does not treat a user as active if "isActive" returns nothing', async () => {
    const errors: string[] = []
    let answers: (boolean | undefined)[] = []
    const site = { ...userSite({ users: [ALICE] }), isActive: () => answers.shift() } as unknown as SiteAdapter
    const { server } = await testServer({ site, hooks: { onError: (error) => void errors.push(String(error)) } })
    const redeemCode = async (): Promise<Record<string, string>> =>
      json(await redeem(server, (await signIn(testBrowser(server))).searchParams.get('code') ?? ''))
    expect(await redeemCode()).toMatchObject({ error: 'server_error' })
    answers = [true]
    const tokens = await redeemCode()
    const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'server_error' })
    expect(errors.join()).toMatch(/site: "isActive" .*true or false/)
  })
})
