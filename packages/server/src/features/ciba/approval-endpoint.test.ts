import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { decide, APPROVE, cibaServer, openApprovals, requestsOn, TILL } from './ciba.fixture.js'
import type { ApprovalPage, BackchannelRequest } from './ciba-settings.js'
import { decideBackchannelRequest } from './decide-backchannel-request.js'
import { userSite } from '../../site/user-site.js'
import { digest } from '../../storage/digest.js'
import type { Page } from '../../site/site-adapter.js'
import type { AtomicStore } from '../../storage/atomic-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { asPage, json, testBrowser } from '../../server/test-browser.fixture.js'
import { ALICE, BOB } from '../../server/test-server.fixture.js'

/** A server that records its notifications. */
async function notifyingServer(options = {}, more = {}) {
  const notified: BackchannelRequest[] = []
  const set = await cibaServer({ notifyUser: (request) => void notified.push(request), ...options }, more)
  return { ...set, notified, link: () => notified.at(-1)?.approvalUri ?? '' }
}

describe('the approval page (CIBA Core 1.0, section 8)', () => {
  it('requires a sign-in, then shows each request with its message, and accepts an approval', async () => {
    const { server, start, outcome } = await cibaServer()
    const id = await start({ binding_message: '<b>W4SCT</b> & more' })
    const browser = testBrowser(server)
    expect(await (await browser.get(APPROVE)).text()).toContain('Password')
    const { page } = await openApprovals(server, { browser })
    for (const part of [
      'Do you approve?',
      'The till',
      '&lt;b&gt;W4SCT&lt;/b&gt; &amp; more',
      'Know who you are',
      'Alice Liddell',
    ])
      expect(page.text).toContain(part)
    expect(page.text).not.toContain(id)
    const done = await asPage(await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision: 'approve' }))
    expect(done.text).toContain('<h1>Approved</h1>')
    expect(requestsOn(done)).toEqual([])
    expect(await outcome(id)).toBe('ok')
  })

  it('runs no script, cannot be framed and is not cached', async () => {
    const { server, start } = await cibaServer()
    await start()
    const { page } = await openApprovals(server)
    expect(page.text).not.toMatch(/<script|\son\w+=/)
    const policy = page.response.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('script-src')
    expect(page.response.headers.get('cache-control')).toBe('no-store')
  })

  it('shows each user their own requests, and accepts no decision of another user', async () => {
    const { server, start, outcome, notified } = await notifyingServer()
    const id = await start()
    const { browser, page } = await openApprovals(server, { user: BOB })
    expect(page.text).toContain('No requests')
    await start({ login_hint: 'bob' })
    const own = await asPage(await browser.get(APPROVE), APPROVE)
    expect(requestsOn(own)).toEqual([notified[1]?.requestId])
    const refused = await asPage(await browser.submit(own, { request: notified[0]?.requestId ?? '', decision: 'approve' }))
    expect(refused.text).toContain('No longer waiting')
    expect(await outcome(id)).toBe('authorization_pending')
    expect((await decide(server, 'approve')).text).toContain('Approved')
    expect(await outcome(id)).toBe('ok')
  })

  it('decides the right one of several requests', async () => {
    const { server, start, outcome, notified } = await notifyingServer()
    const ids = [await start(), await start({ scope: 'openid' }), await start()]
    const { browser, page } = await openApprovals(server)
    expect(requestsOn(page)).toHaveLength(3)
    await browser.submit(page, { request: notified[1]?.requestId ?? '', decision: 'approve' })
    expect(await Promise.all(ids.map((id) => outcome(id)))).toEqual(['authorization_pending', 'ok', 'authorization_pending'])
  })

  it('refuses a form without a token, with that of another browser, and a decision in the URL', async () => {
    const { server, start, outcome, notified } = await notifyingServer()
    const id = await start()
    const { browser, page } = await openApprovals(server)
    const other = await openApprovals(server)
    const foreign = /name="csrf" value="([^"]*)"/.exec(other.page.text)?.[1] ?? ''
    const yes = { request: notified[0]?.requestId ?? '', decision: 'approve' }
    for (const csrf of ['', 'x', foreign]) {
      const stale = await asPage(await browser.submit(page, { ...yes, csrf }))
      expect(stale.text).toContain('Nothing was decided')
      expect(stale.response.status).toBe(200)
    }
    await browser.get(`${APPROVE}?${new URLSearchParams(yes).toString()}`)
    await browser.submit({ ...page, text: '<form method="post" action="/oauth/approve">' }, yes)
    expect(await outcome(id)).toBe('authorization_pending')
  })

  it('accepts only "approve" as approval, and keeps the first decision', async () => {
    const { server, start, outcome } = await cibaServer()
    const id = await start()
    const { browser, page } = await openApprovals(server)
    const request = requestsOn(page)[0] ?? ''
    expect(await (await browser.submit(page, { request, decision: 'perhaps' })).text()).toContain('Denied')
    expect(await (await browser.submit(page, { request, decision: 'approve' })).text()).toContain('No longer waiting')
    expect(await outcome(id)).toBe('access_denied')
  })

  it('accepts one of many concurrent decisions', async () => {
    // A slow store, so that all of them read before the first one writes.
    const store = memoryStore()
    const later = <Value>(work: () => Promise<Value>): Promise<Value> => new Promise(setImmediate).then(work)
    const far: AtomicStore = {
      ...store,
      get: (key) => later(() => store.get(key)),
      set: (...entry) => later(() => store.set(...entry)),
      add: (...entry) => later(() => store.add(...entry)),
    }
    const { server, start, outcome } = await cibaServer({}, { stores: storesOver(far), now: Date.now })
    const id = await start()
    const { browser, page } = await openApprovals(server)
    const request = requestsOn(page)[0] ?? ''
    const decisions = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'approve' : 'deny'))
    const responses = await Promise.all(decisions.map((decision) => browser.submit(page, { request, decision })))
    const titles = (await Promise.all(responses.map((one) => one.text()))).map((text) => /<h1>(.*)<\/h1>/.exec(text)?.[1])
    const taken = titles.filter((title) => title !== 'No longer waiting')
    expect(taken).toHaveLength(1)
    expect(await outcome(id)).toBe(taken[0] === 'Approved' ? 'ok' : 'access_denied')
  })

  it('accepts no decision after the expiry', async () => {
    const { server, start, outcome, clock } = await cibaServer()
    const id = await start({ requested_expiry: '30' })
    const { browser, page } = await openApprovals(server)
    clock.advance(30)
    const late = await asPage(await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision: 'approve' }))
    expect(late.text).toContain('No longer waiting')
    expect(await outcome(id)).toBe('expired_token')
  })

  it('leads to another account, and then shows its requests', async () => {
    const { server, start } = await cibaServer()
    await start({ binding_message: 'for Bob', login_hint: 'bob', requested_expiry: '42' })
    const { browser, page } = await openApprovals(server)
    expect(page.text).not.toContain('for Bob')
    const signIn = await asPage(await browser.submit(page, { action: 'switch' }), APPROVE)
    const own = await asPage(await browser.submit(signIn, { action: 'sign-in', username: 'bob', password: BOB.password }))
    expect(own.text).toMatch(/for Bob[\s\S]*42 s/)
  })

  it('requires the right user for a link, and shows that request first', async () => {
    const { server, start, notified, link } = await notifyingServer()
    await start()
    await start()
    const { browser, page } = await openApprovals(server, { user: BOB })
    expect(page.text).toContain('No requests')
    const wrong = await asPage(await browser.get(link()), link())
    expect(wrong.text).toContain('The till')
    const again = await asPage(
      await browser.submit(wrong, { action: 'sign-in', username: 'bob', password: BOB.password }),
      link(),
    )
    expect(again.text).toContain('The application requests another account.')
    const right = await asPage(
      await browser.submit(again, { action: 'sign-in', username: 'alice', password: ALICE.password }),
      link(),
    )
    expect(requestsOn(right)).toEqual([notified[1]?.requestId, notified[0]?.requestId])
  })

  it('tells when the request of a link was decided or is unknown', async () => {
    const store = memoryStore()
    const get: AtomicStore['get'] = (key) => (key.length > 200 ? Promise.reject(new Error('key too long')) : store.get(key))
    const { server, start, link } = await notifyingServer({}, { stores: storesOver({ ...store, get }), now: Date.now })
    await start()
    const { browser } = await openApprovals(server)
    await decide(server, 'deny')
    for (const url of [link(), `${APPROVE}?request=${'A'.repeat(43)}`, `${APPROVE}?request=${'%20x'.repeat(200)}`]) {
      const page = await asPage(await browser.get(url))
      expect([page.response.status, page.text.includes('No longer waiting')]).toEqual([200, true])
    }
  })

  it('decides nothing if the user cancels the sign-in', async () => {
    const { server, start, outcome, link } = await notifyingServer()
    const id = await start()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(link()), link())
    const left = await asPage(await browser.submit(page, { action: 'deny' }))
    expect(left.text).toContain('You did not sign in.')
    expect(requestsOn(left)).toEqual([])
    expect(await outcome(id)).toBe('authorization_pending')
  })

  it('accepts no decision from a browser whose session has ended', async () => {
    const { server, start, outcome, clock } = await cibaServer({}, { sessionLifetime: 60 })
    const id = await start()
    const { browser, page } = await openApprovals(server)
    clock.advance(60)
    const late = await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision: 'approve' })
    expect(await late.text()).toContain('Password')
    expect(await outcome(id)).toBe('authorization_pending')
  })

  it('requires a fresh sign-in if "maxAge" is set', async () => {
    const { server, start, clock } = await cibaServer({ maxAge: 60 })
    const { browser } = await openApprovals(server)
    await start()
    expect(await (await browser.get(APPROVE)).text()).toContain('Do you approve?')
    clock.advance(61)
    const page = await asPage(await browser.get(APPROVE), APPROVE)
    expect(page.text).toContain('Password')
    const signedIn = await browser.submit(page, { action: 'sign-in', username: 'alice', password: ALICE.password })
    expect(await signedIn.text()).toContain('Do you approve?')
  })

  it('does not request consent twice', async () => {
    const { server, start, link } = await notifyingServer({}, { clients: [{ ...TILL, requireConsent: true }] })
    await start()
    expect((await openApprovals(server, { url: link() })).page.text).toContain('Do you approve?')
  })

  it('may be a custom page, which gets everything that it must show', async () => {
    const seen: ApprovalPage[] = []
    const renderApprovalPage = (page: ApprovalPage): Page => (seen.push(page), { html: () => `mine, ${page.requests.length}` })
    const { server, start, link, notified } = await notifyingServer({ renderApprovalPage })
    await start({ binding_message: 'Ä 1', acr_values: 'gold' })
    const { page } = await openApprovals(server, { url: link() })
    expect(page.text).toBe('mine, 1')
    expect(seen[0]).toMatchObject({
      action: new URL(link()).pathname + new URL(link()).search,
      listUri: '/oauth/approve',
      session: { userId: 'alice' },
      outcome: undefined,
      requests: [
        { requestId: notified[0]?.requestId, client: TILL, bindingMessage: 'Ä 1', acrValues: ['gold'], secondsLeft: 300 },
      ],
    })
  })
})

describe('decideBackchannelRequest()', () => {
  it("accepts the decision of the site's own app, once, from the right user", async () => {
    const { server, start, poll, outcome, notified, clock } = await notifyingServer()
    const [yes, no] = [await start(), await start()]
    const [first = '', second = ''] = notified.map(({ requestId }) => requestId)
    expect(await decideBackchannelRequest(server, first, { userId: 'bob' })).toBe(false)
    expect(await decideBackchannelRequest(server, yes, { userId: 'alice' })).toBe(false)
    expect(await outcome(yes)).toBe('authorization_pending')
    expect(await decideBackchannelRequest(server, first, { userId: 'alice', acr: 'gold', data: { n: 1 } })).toBe(true)
    expect(await decideBackchannelRequest(server, first, undefined)).toBe(false)
    expect(await decideBackchannelRequest(server, second, undefined)).toBe(true)
    const { id_token: idToken = '' } = await json(await poll(yes))
    expect(decodeJwt(idToken)).toMatchObject({ sub: 'alice', acr: 'gold', auth_time: clock.now() / 1000 })
    expect(await outcome(no)).toBe('access_denied')
  })
})

describe('the consent of a CIBA request', () => {
  it('may be for less than was requested', async () => {
    const { server, start, poll } = await cibaServer()
    const id = await start({ scope: 'openid email profile' })
    const { browser, page } = await openApprovals(server)
    expect(page.text.match(/type="checkbox" name="scope" value="(?:email|profile)" checked/g)).toHaveLength(2)
    await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision: 'approve', choice: '1', scope: 'profile' })
    expect((await json(await poll(id)))['scope']).toBe('openid profile')
    const none = await start({ scope: 'openid email' })
    const again = await asPage(await browser.get(APPROVE), APPROVE)
    await browser.submit(again, { request: requestsOn(again)[0] ?? '', decision: 'approve', choice: '1' })
    expect((await json(await poll(none)))['scope']).toBe('openid')
  })

  it('is never for more', async () => {
    const { server, start, poll } = await cibaServer()
    const id = await start({ scope: 'openid email' })
    const { browser, page } = await openApprovals(server)
    await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision: 'approve', choice: '1', scope: 'profile' })
    expect((await json(await poll(id)))['scope']).toBe('openid')
  })

  it('may be for less in an app of the site', async () => {
    const { server, start, poll, notified } = await notifyingServer()
    const id = await start({ scope: 'openid email profile' })
    const requestId = notified[0]?.requestId ?? ''
    const approve = (scope: readonly string[]): Promise<boolean> =>
      decideBackchannelRequest(server, requestId, { userId: 'alice' }, { scope })
    await expect(approve(['address'])).rejects.toThrow('was not requested')
    expect(await approve(['email'])).toBe(true)
    expect((await json(await poll(id)))['scope']).toBe('openid email')
  })

  it('is not given by a page that did not show the request', async () => {
    const { server, start, outcome, notified } = await notifyingServer()
    await start()
    const { browser, page } = await openApprovals(server)
    const later = await start({ scope: 'openid profile' })
    const form = { request: notified[1]?.requestId ?? '', decision: 'approve' }
    expect(await (await browser.submit(page, form)).text()).toContain('Nothing was decided')
    expect(await outcome(later)).toBe('authorization_pending')
  })
})

describe('a CIBA client that guesses an address', () => {
  it('learns neither the user id nor where the user decides', async () => {
    const site = userSite({ users: [{ ...ALICE, sub: 'internal-4711' }] })
    const { server, start, link } = await notifyingServer({}, { site })
    const id = await start({ login_hint: 'alice@example.com' })
    const guessed = await asPage(await testBrowser(server).get(`${APPROVE}?request=${await digest(id)}`))
    const linked = await asPage(await testBrowser(server).get(link()))
    expect(guessed.text + linked.text).not.toContain('internal-4711')
    expect(guessed.text).not.toContain('The till')
    expect(linked.text).toContain('value="alice@example.com"')
  })
})
