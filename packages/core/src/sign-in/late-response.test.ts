import { describe, expect, it, onTestFinished } from 'vitest'
import { countOf, instantTransport } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { FakePage } from './fake-page.fixture.js'

const MINUTES = 60_000

/** A tab that has left `/store?item=7#top` for a sign-in. @returns opens the response some time later */
async function leftFor(options: Partial<ClientOptions>) {
  const storage = sharedStorage()
  const start = new FakePage('/store?item=7#top')
  const bench = await start.open({ storage, ...options })
  void bench.client.start()
  await expect.poll(() => bench.client.getSnapshot().status === 'signed-out' || start.assigned.length > 0).toBe(true)
  if (!options.silent) void bench.client.login()
  const state = new URL(await start.leaves()).searchParams.get('state') ?? ''
  const open = async (minutes: number) => {
    bench.advance(minutes * MINUTES)
    const page = new FakePage(`/cb?code=SECRET&state=${state}&iss=${encodeURIComponent(issuer)}`, start.sessionStorage)
    const client = createOAuthClient({ ...bench.client.options, environment: { window: page.window } } as ClientOptions)
    onTestFinished(() => client.close())
    const errors: unknown[] = []
    client.on('error', ({ error, returnTo }) => errors.push([error.code, returnTo]))
    await client.start()
    const shown = page.location.pathname + page.location.search + page.location.hash
    return { client, errors, shown }
  }
  return { ...bench, open }
}

describe('a response that arrives more than ten minutes after its request', () => {
  it.each([
    ['a redirect', {}],
    ['a silent redirect', { silent: ['redirect'] as const }],
  ])('goes back to where %s started, with the error in the state and its path in the event', async (_, options) => {
    const { open, server } = await leftFor(options)
    const { client, errors, shown } = await open(11)
    expect(shown).toBe('/store?item=7#top')
    expect(client.getSnapshot()).toMatchObject({
      status: 'signed-out',
      activity: 'idle',
      error: {
        code: 'mismatching_state',
        returnTo: '/store?item=7#top',
        message: expect.stringContaining('ten minutes') as string,
      },
    })
    expect(errors).toEqual([['mismatching_state', '/store?item=7#top']])
    expect(countOf(server, 'POST /token')).toBe(0)
  })

  it('shows no error to a user who has signed in meanwhile', async () => {
    const { open, client: former, server } = await leftFor({ scope: 'profile' })
    server.faults = { token: { id_token: undefined } }
    await former.login({ transport: instantTransport(server) })
    const { client, errors, shown } = await open(11)
    expect(shown).toBe('/store?item=7#top')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    expect(errors).toEqual([])
  })
})
