import { describe, expect, it } from 'vitest'
import { memoryReplayStore } from '../dpop/replay-store.js'
import {
  ISSUER,
  signingKey,
  testClock,
  testIssuer,
  type Signing,
  type TestClock,
  type TestIssuer,
} from '../verifier/test-issuer.fixture.js'
import { createLogoutChannel, createLogoutVerifier, type LogoutNotice, type LogoutVerifier } from '../logout.js'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

interface World {
  readonly clock: TestClock
  readonly issuer: TestIssuer
  readonly verifier: LogoutVerifier
  readonly token: (claims?: Readonly<Record<string, unknown>>, signing?: Signing) => Promise<string>
}

async function world(): Promise<World> {
  const clock = testClock()
  const issuer = await testIssuer(clock)
  const verifier = createLogoutVerifier({ issuer: ISSUER, clientId: 'spa', now: clock.now, fetch: issuer.fetch })
  const usual = { aud: 'spa', sub: 'ada', sid: 's1', events: { [EVENT]: {} }, client_id: undefined, scope: undefined }
  return {
    clock,
    issuer,
    verifier,
    token: (claims = {}, { header, ...signing } = {}) =>
      issuer.token({ ...usual, ...claims }, { ...signing, header: { typ: 'logout+jwt', ...header } }),
  }
}

const post = (token: string, init: RequestInit = {}): Request =>
  new Request('https://app.example.com/logout', { method: 'POST', body: new URLSearchParams({ logout_token: token }), ...init })

describe('a logout token', () => {
  it('is accepted with sub, sid or both, and names the session', async () => {
    const { verifier, token } = await world()
    expect(await verifier.verify(await token())).toEqual({ issuer: ISSUER, sub: 'ada', sid: 's1' })
    expect(await verifier.verify(await token({ sub: undefined }))).toEqual({ issuer: ISSUER, sub: undefined, sid: 's1' })
    expect(await verifier.verify(await token({ sid: undefined, aud: ['x', 'spa'] }))).toEqual({
      issuer: ISSUER,
      sub: 'ada',
      sid: undefined,
    })
    for (const typ of ['JWT', undefined, 'application/logout+jwt'])
      expect(await verifier.verify(await token({}, { header: { typ } }))).toMatchObject({ sub: 'ada' })
  })

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another client', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['no time', { iat: undefined }],
    ['no expiry', { exp: undefined }],
    ['an expiry in the past', { exp: 1 }],
    ['no id', { jti: undefined }],
    ['an empty id', { jti: '' }],
    ['no events', { events: undefined }],
    ['another event', { events: { 'https://example.com/event': {} } }],
    ['an event that is no object', { events: { [EVENT]: true } }],
    ['a nonce', { nonce: 'n' }],
    ['neither sub nor sid', { sub: undefined, sid: undefined }],
    ['a sub that is no text', { sub: 7 }],
  ])('is refused with %s', async (_, claims) => {
    const { verifier, token } = await world()
    const logoutToken = await token(claims)
    await expect(verifier.verify(logoutToken)).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/^The logout token/),
    })
  })

  it('is refused with the type of an access token, or if another key has signed it', async () => {
    const { verifier, token } = await world()
    await expect(verifier.verify(await token({}, { header: { typ: 'at+jwt' } }))).rejects.toThrow(/"typ"|'typ'/)
    await expect(verifier.verify(await token({}, { key: await signingKey('first') }))).rejects.toThrow(/signature/)
  })

  it('is accepted once, also by a second process', async () => {
    const { clock, issuer, token } = await world()
    const replayStore = memoryReplayStore({ now: clock.now })
    const process = (): LogoutVerifier =>
      createLogoutVerifier({ issuer: ISSUER, clientId: 'spa', now: clock.now, fetch: issuer.fetch, replayStore })
    const logoutToken = await token()
    await process().verify(logoutToken)
    clock.pass(329)
    await expect(process().verify(logoutToken)).rejects.toThrow(/used before/)
  })

  it('ends sessions by the request of the issuer, which gets 200, or 400 if they could not be ended', async () => {
    const { verifier, token } = await world()
    const notices: LogoutNotice[] = []
    const responses = [
      await verifier.handle(post(await token()), (notice) => void notices.push(notice)),
      await verifier.handle(post(await token()), () => Promise.reject(new Error('database'))),
      await verifier.handle(
        new URLSearchParams({ logout_token: await token({ sid: 's2' }) }),
        (notice) => void notices.push(notice),
      ),
      await verifier.handle(post('x'), (notice) => void notices.push(notice)),
      await verifier.handle(post('x', { body: new URLSearchParams() }), (notice) => void notices.push(notice)),
      await verifier.handle(post('x', { body: '{}', headers: { 'content-type': 'application/json' } }), () => undefined),
      await verifier.handle(new Request('https://app.example.com/logout'), () => undefined),
    ]
    expect(responses.map(({ status }) => status)).toEqual([200, 400, 200, 400, 400, 400, 400])
    expect(responses.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(7).fill('no-store'))
    expect(notices.map(({ sid }) => sid)).toEqual(['s1', 's2'])
    expect(await responses[1]?.text()).not.toContain('database')
  })
})

describe('the logout channel', () => {
  const sessions = [
    { issuer: ISSUER, sub: 'ada', sid: 's1' },
    { issuer: ISSUER, sub: 'ada', sid: 's2' },
    { issuer: ISSUER, sub: 'ada' },
    { issuer: ISSUER, sub: 'alan', sid: 's3' },
    { issuer: 'https://other.example', sub: 'ada', sid: 's1' },
  ]

  it.each([
    [{ sub: 'ada', sid: 's1' }, [0]],
    [{ sub: undefined, sid: 's1' }, [0]],
    [{ sub: 'ada', sid: undefined }, [0, 1, 2]],
    [{ sub: 'alan', sid: 's1' }, []],
    [{ sub: undefined, sid: undefined }, []],
  ])('notifies the tabs whose session has ended: %j', async (notice, expected: readonly number[]) => {
    const channel = createLogoutChannel()
    const streams = sessions.map((session) => channel.open(session))
    expect(channel.size).toBe(5)
    channel.publish({ issuer: ISSUER, ...notice })
    expect(channel.size).toBe(5 - expected.length)
    for (const index of expected) expect(await streams[index]?.text()).toBe(':\n\nevent: logout\ndata:\n\n')
    for (const [index, stream] of streams.entries()) if (!expected.includes(index)) await stream.body?.cancel()
    expect(channel.size).toBe(0)
  })

  it('has a limit of open streams', async () => {
    const channel = createLogoutChannel({ maxStreams: 1 })
    const first = channel.open({ issuer: ISSUER, sub: 'ada' })
    expect(channel.open({ issuer: ISSUER, sub: 'ada' }).status).toBe(503)
    await first.body?.cancel()
    const second = channel.open({ issuer: ISSUER, sub: 'ada' })
    expect(second.headers.get('content-type')).toBe('text/event-stream')
    await second.body?.cancel()
  })
})
