import { describe, expect, it, onTestFinished } from 'vitest'
import { instantTransport } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { TestServer } from '../protocol/test-server.fixture.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { FakePage } from './fake-page.fixture.js'

interface Bench {
  /** Of the copy that may not sign in silently. */
  readonly copy: OAuthClient
  /** Of the app at the top. */
  readonly top: OAuthClient
  readonly server: TestServer
  readonly advance: (ms: number) => void
  /** The failures that the copy reported. */
  readonly reported: OAuthClientError[]
}

/** The app is open at the top, and once where it may not sign in silently, with the storage shared. */
async function bench(place: 'frame' | 'worker', silent: ClientOptions['silent'] = ['iframe']): Promise<Bench> {
  const page = new FakePage('/start')
  const { client: top, server, advance } = await page.open({ silent, storage: sharedStorage() })
  const framed = new FakePage('/widget')
  framed.parent = new FakePage('/')
  const environment = { window: place === 'frame' ? framed.window : undefined }
  const copy = createOAuthClient({ ...top.options, environment } as ClientOptions)
  onTestFinished(() => copy.close())
  const reported: OAuthClientError[] = []
  copy.on('error', ({ error }) => reported.push(error))
  return { copy, top, server, advance, reported }
}

async function statusOfNewTab({ options }: OAuthClient): Promise<string> {
  const client = createOAuthClient(options as ClientOptions)
  onTestFinished(() => client.close())
  await client.start()
  return client.getSnapshot().status
}

describe('a copy of the app that may not sign in silently (invariant 3)', () => {
  it.each(['frame', 'worker'] as const)(
    'does not end the session of the app at the top when its token expires: %s',
    async (place) => {
      const { copy, top, server, advance, reported } = await bench(place)
      server.faults = { token: { refresh_token: undefined } }
      await top.login({ transport: instantTransport(server) })
      await copy.start()
      advance(400_000)
      await expect(copy.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid' })
      expect(copy.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'token_invalid' } })
      expect(reported.map(({ code }) => code)).toEqual(['token_invalid'])
      // Nor does it use the token again.
      await expect(copy.fetch('https://api.example/')).rejects.toMatchObject({ code: 'missing_token' })
      expect([top.getSnapshot().status, await statusOfNewTab(top)]).toEqual(['signed-in', 'signed-in'])
      // It follows when the app at the top has renewed the session.
      await top.login({ transport: instantTransport(server) })
      await expect.poll(() => copy.getSnapshot().status).toBe('signed-in')
    },
  )

  it('does not end it either when the server refuses the refresh token', async () => {
    const { copy, top, server, advance } = await bench('frame')
    await top.login({ transport: instantTransport(server) })
    await copy.start()
    advance(400_000)
    const refused = Response.json({ error: 'invalid_grant' }, { status: 400 })
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? refused : undefined) }
    await expect(copy.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid', error: 'invalid_grant' })
    expect([copy.getSnapshot().status, await statusOfNewTab(top)]).toEqual(['signed-out', 'signed-in'])
  })

  it('ends it for all where no tab may renew it', async () => {
    const { copy, top, server, advance } = await bench('frame', [])
    server.faults = { token: { refresh_token: undefined } }
    await top.login({ transport: instantTransport(server) })
    await copy.start()
    advance(400_000)
    await expect(copy.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid' })
    await expect.poll(() => top.getSnapshot().status).toBe('signed-out')
  })
})
