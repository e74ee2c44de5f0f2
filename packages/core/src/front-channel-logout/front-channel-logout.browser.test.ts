import { describe, expect, it, onTestFinished } from 'vitest'
import { createClientBench, instantTransport } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import type { OAuthClient } from '../client/client.js'
import {
  handleFrontChannelLogout,
  type FrontChannelLogoutOptions,
  type FrontChannelLogoutResult,
} from './front-channel-logout.js'
import { issuer, metadata } from '../protocol/test-server.fixture.js'
import { indexedDb } from '../storage/indexed-db.js'
import type { TokenStorage } from '../storage/token-storage.js'

interface Bench {
  readonly tab: OAuthClient
  readonly reasons: string[]
  /** The authorization server opens the page in a frame; the page around it is at this test's own origin. */
  readonly open: (query: string, about?: Partial<FrontChannelLogoutOptions>) => Promise<FrontChannelLogoutResult>
  readonly reload: () => Promise<string>
}

/** @param as the issuer; `sid` is in the ID token unless it is taken out */
async function signedIn(
  claims: Readonly<Record<string, unknown>> = { sid: 'sid-1' },
  as: string = issuer,
  acceptedIssuers?: string,
): Promise<Bench> {
  const name = crypto.randomUUID()
  const database = `front-channel-${name}`
  const { server } = await createClientBench()
  server.faults = { claims: { iss: as, ...claims } }
  const transport = instantTransport(server, { answer: { iss: as } })
  const make = (): OAuthClient =>
    createOAuthClient({
      server: { ...metadata, issuer: as },
      acceptedIssuers,
      clientId: 'client-1',
      name,
      redirectUri: 'https://app.example/',
      transport,
      storage: indexedDb(database),
      fetch: server.fetch,
    })
  const tab = make()
  await tab.start()
  await tab.login()
  const reasons: string[] = []
  tab.on('signed-out', ({ reason }) => reasons.push(reason))
  onTestFinished(() => tab.close())
  return {
    tab,
    reasons,
    async open(query, about = {}) {
      const frame = document.createElement('iframe')
      frame.src = `/package.json${query}`
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
      onTestFinished(() => frame.remove())
      const page = frame.contentWindow as Window
      return handleFrontChannelLogout({ issuer: as, clientId: 'client-1', name, storage: indexedDb(database), page, ...about })
    },
    async reload() {
      const again = make()
      await again.start()
      const { status } = again.getSnapshot()
      await again.close()
      return status
    },
  }
}

const query = (parameters: Readonly<Record<string, string>>): string => `?${new URLSearchParams(parameters)}`

describe('handleFrontChannelLogout()', () => {
  it('ends the session that iss and sid name, in the open tabs too (invariant 10)', async () => {
    const { tab, reasons, open, reload } = await signedIn()
    expect(await open(query({ iss: issuer, sid: 'sid-1' }))).toEqual({ signedOut: true })
    await expect.poll(() => tab.getSnapshot().status).toBe('signed-out')
    expect(reasons).toEqual(['other-tab'])
    expect(await reload()).toBe('signed-out')
  })

  it('knows the session of a server with an issuer per tenant by the issuer of its ID token', async () => {
    const iss = `${issuer}/tenant-1`
    const { open, reload } = await signedIn({ sid: 'sid-1', iss, tid: 'tenant-1' }, issuer, `${issuer}/{tid}`)
    const other = await open(query({ iss: `${issuer}/tenant-2`, sid: 'sid-1' }))
    expect(other).toEqual({ signedOut: false, reason: 'issuer_mismatch' })
    expect(await open(query({ iss, sid: 'sid-1' }))).toEqual({ signedOut: true })
    expect(await reload()).toBe('signed-out')
  })

  it.each([
    { what: 'another session', parameters: { iss: issuer, sid: 'sid-2' }, reason: 'session_mismatch' },
    { what: 'an empty session', parameters: { iss: issuer, sid: '' }, reason: 'session_mismatch' },
    { what: 'another issuer', parameters: { iss: 'https://attacker.example', sid: 'sid-1' }, reason: 'issuer_mismatch' },
    { what: 'the issuer with a slash more', parameters: { iss: `${issuer}/`, sid: 'sid-1' }, reason: 'issuer_mismatch' },
    { what: 'a session without an issuer', parameters: { sid: 'sid-1' }, reason: 'invalid_request' },
    { what: 'an issuer without a session', parameters: { iss: issuer }, reason: 'invalid_request' },
    { what: 'nothing, in a page of another origin', parameters: {}, reason: 'unknown_caller' },
  ])('keeps the session for $what', async ({ parameters, reason }) => {
    const { tab, open, reload } = await signedIn()
    expect(await open(query(parameters as Readonly<Record<string, string>>))).toEqual({ signedOut: false, reason })
    expect(await reload()).toBe('signed-in')
    expect(tab.getSnapshot().status).toBe('signed-in')
  })

  it('keeps the session when a parameter is there twice', async () => {
    const { open } = await signedIn()
    const twice = `${query({ iss: issuer, sid: 'sid-1' })}&${new URLSearchParams({ iss: issuer, sid: 'sid-2' })}`
    expect(await open(twice)).toEqual({ signedOut: false, reason: 'invalid_request' })
  })

  it("accepts a request without iss and sid when the parent page is the issuer's", async () => {
    const { tab, open } = await signedIn({}, location.origin)
    expect(await open('')).toEqual({ signedOut: true })
    await expect.poll(() => tab.getSnapshot().status).toBe('signed-out')
  })

  it('does not end a session without a sid for an invented one', async () => {
    const { open, reload } = await signedIn({})
    expect(await open(query({ iss: issuer, sid: 'made-up' }))).toEqual({ signedOut: false, reason: 'unknown_caller' })
    expect(await reload()).toBe('signed-in')
  })

  it('does not believe a page that no frame is around', async () => {
    const { tab } = await signedIn({}, location.origin)
    const { name = '' } = tab.options
    const page = { location, document } as Window
    Object.assign(page, { parent: page })
    const result = handleFrontChannelLogout({
      issuer: location.origin,
      clientId: 'client-1',
      name,
      page,
      storage: indexedDb(`front-channel-${name}`),
    })
    expect(await result).toEqual({ signedOut: false, reason: 'unknown_caller' })
  })

  it('leaves the session of another client alone', async () => {
    const { open, reload } = await signedIn()
    expect(await open(query({ iss: issuer, sid: 'sid-1' }), { name: 'other' })).toEqual({
      signedOut: false,
      reason: 'no_session',
    })
    expect(await reload()).toBe('signed-in')
  })

  it('does not let a refresh bring the session back: not one that ends in the middle, not one that ends later', async () => {
    const { tab, open, reload } = await signedIn()
    const inner = indexedDb(`front-channel-${tab.options.name}`)
    let isBetween = true
    const update: TokenStorage['update'] = async (key, change) => {
      // Between the reading of the record and its end, another tab writes a fresh one.
      if (isBetween) {
        isBetween = false
        await tab.refresh()
      }
      return inner.update(key, change)
    }
    const ending = open(query({ iss: issuer, sid: 'sid-1' }), { storage: { ...inner, update } })
    const refreshing = tab.refresh().catch((error: unknown) => error)
    expect(await ending).toEqual({ signedOut: true })
    await refreshing
    await expect.poll(() => tab.getSnapshot().status).toBe('signed-out')
    expect(await reload()).toBe('signed-out')
  })
})
