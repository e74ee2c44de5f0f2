import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { issuer } from '../protocol/test-server.fixture.js'
import type { ClientBench } from './client.fixture.js'
import type { OAuthClient } from './client.js'

type Chunk = 'loadSessionCalls' | 'loadAccessCalls'

/** The next load of the chunk waits for this. */
let slow: { readonly chunk: Chunk; readonly arrival: Promise<void> } | undefined

// Another copy of the modules, because the files of this project share theirs.
async function load(): Promise<typeof import('./client.fixture.js') & typeof import('./sign-out-url.js')> {
  vi.resetModules()
  vi.doMock('./lazy.js', async (original) => {
    const lazy = await original<typeof import('./lazy.js')>()
    const slowly =
      <Name extends Chunk>(name: Name) =>
      async (): Promise<Awaited<ReturnType<(typeof lazy)[Name]>>> => {
        const gate = slow?.chunk === name ? slow.arrival : undefined
        if (gate) slow = undefined
        await gate
        return (await lazy[name]()) as Awaited<ReturnType<(typeof lazy)[Name]>>
      }
    return { ...lazy, loadSessionCalls: slowly('loadSessionCalls'), loadAccessCalls: slowly('loadAccessCalls') }
  })
  return { ...(await import('./client.fixture.js')), ...(await import('./sign-out-url.js')) }
}

let modules: Awaited<ReturnType<typeof load>>

beforeAll(async () => {
  modules = await load()
})

afterAll(() => {
  vi.doUnmock('./lazy.js')
  vi.resetModules()
})

interface FormerCall extends ClientBench {
  /** What became of the call: its error code, or what it resolved with. */
  readonly result: unknown
  /** All that was sent after the user has changed. */
  readonly sent: readonly string[]
}

type Calls = ReadonlyArray<readonly [string, (client: OAuthClient) => Promise<unknown>]>

/** Makes a call whose chunk arrives after another user has signed in, in the same tab or after a sign-out. */
async function callOfFormerUser(
  call: (client: OAuthClient) => Promise<unknown>,
  hasSignedOut: boolean,
  chunk: Chunk = 'loadSessionCalls',
): Promise<FormerCall> {
  const bench = await modules.createClientBench({ resources: [{ url: 'https://api.example/', resource: 'urn:api' }] })
  const { client, server } = bench
  server.faults = { metadata, claims: { at_hash: undefined }, token: { access_token: 'at-1', refresh_token: 'rt-1' } }
  await client.login()
  let arrive = (): void => undefined
  slow = { chunk, arrival: new Promise((resolve) => (arrive = resolve)) }
  const former = call(client).then(
    (value) => value,
    ({ code }: { readonly code?: string }) => code,
  )
  await expect.poll(() => slow === undefined).toBe(true)
  if (hasSignedOut) await client.logout({ local: true, revoke: false })
  const sent: string[] = []
  server.faults = { claims: { sub: 'user-2', at_hash: undefined }, token: { access_token: 'at-2', refresh_token: 'rt-2' } }
  await client.login({ transport: modules.instantTransport(server) })
  server.faults = {
    async respond(request) {
      sent.push(`${request.url} ${request.headers.get('authorization')} ${await request.clone().text()}`)
      return undefined
    },
  }
  arrive()
  const result = await former
  await client.close()
  return { ...bench, result, sent }
}

const metadata = { introspection_endpoint: `${issuer}/introspect` }

const CALLS: Calls = [
  ['fetch() of a path with a percent sign', (client) => client.fetch('https://api.example/a%20b', { method: 'POST', body: 'x' })],
  ['fetch() of a path with a semicolon', (client) => client.fetch('https://api.example/a;b')],
  ['fetch()', (client) => client.fetch('https://api.example/a')],
  ['userInfo()', (client) => client.userInfo()],
  ['introspect()', (client) => client.introspect()],
  ['revoke()', (client) => client.revoke()],
  ['refresh()', (client) => client.refresh()],
  ['getAccessToken({ resource })', (client) => client.getAccessToken({ resource: 'urn:other' })],
  ['getAccessToken({ scope })', (client) => client.getAccessToken({ scope: 'openid' })],
  ['getAccessToken({ forceRefresh })', (client) => client.getAccessToken({ forceRefresh: true })],
]

describe.each([
  ['after a sign-out', true],
  ['without a sign-out', false],
])('a call of the former user whose code is loaded when another one has signed in, %s', (_name, hasSignedOut) => {
  it.each(CALLS)('uses no token of the next one: %s', async (_call, call) => {
    const { result, sent } = await callOfFormerUser(call, hasSignedOut)
    expect(sent).toEqual([])
    expect(result).toBe('missing_token')
  })

  it.each<Calls[number]>([
    ['fetch()', (client) => client.fetch('https://api.example/a')],
    ['getAccessToken()', (client) => client.getAccessToken()],
    ['getAccessToken({ forceRefresh })', (client) => client.getAccessToken({ forceRefresh: true })],
    ['refresh()', (client) => client.refresh()],
  ])('uses no token of the next one if it is the first call: %s', async (_call, call) => {
    const { result, sent } = await callOfFormerUser(call, hasSignedOut, 'loadAccessCalls')
    expect(sent).toEqual([])
    expect(result).toBe('missing_token')
  })

  it('makes a sign-out URL for the former one', async () => {
    let formerToken: string | undefined
    const { result } = await callOfFormerUser((client) => {
      formerToken = client.getTokenSet()?.idToken
      return modules.createSignOutUrl(client)
    }, hasSignedOut)
    expect((result as URL).searchParams.get('id_token_hint')).toBe(formerToken)
  })

  it.each<Calls[number]>([
    ['revoke(token)', (client) => client.revoke('of-the-caller')],
    ['introspect(token)', (client) => client.introspect('of-the-caller')],
  ])('uses the token that the caller gave: %s', async (_call, call) => {
    const { sent } = await callOfFormerUser(call, hasSignedOut)
    expect(sent).toEqual([expect.stringContaining('of-the-caller')])
  })
})
