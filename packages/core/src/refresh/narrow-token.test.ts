import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { OAuthClient } from '../client/client.js'
import type { ClientOptions } from '../client/client-options.js'
import { rotate, type RefreshLog } from './rotating-server.fixture.js'

const API = 'https://api.example/'

async function signedIn(options: Partial<ClientOptions> = {}): Promise<ClientBench & { readonly log: RefreshLog }> {
  const bench = await createClientBench(options)
  await bench.client.login()
  return { ...bench, log: rotate(bench.server) }
}

describe('several tokens from one refresh token', () => {
  it('are requested one after the other, each with the newest refresh token, without Web Locks too (RFC 8707 §2.2)', async () => {
    const { client, log } = await signedIn({ environment: { locks: undefined } })
    const [one, other, own] = await Promise.all([
      client.getAccessToken({ resource: 'urn:one' }),
      client.getAccessToken({ resource: 'urn:other' }),
      client.refresh(),
    ])
    expect(new Set([one, other, own.accessToken]).size).toBe(3)
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-3', 'refresh-token-4'])
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await client.close()
  })

  it('are kept apart by resource and by scope', async () => {
    const { client, log } = await signedIn()
    const read = await client.getAccessToken({ resource: 'urn:api', scope: 'read' })
    const write = await client.getAccessToken({ resource: 'urn:api', scope: 'write' })
    const all = await client.getAccessToken({ resource: 'urn:api' })
    const narrow = await client.getAccessToken({ scope: 'openid' })
    expect(new Set([read, write, all, narrow]).size).toBe(4)
    expect(log.map(({ resource, scope }) => [resource, scope])).toEqual([
      ['urn:api', 'read'],
      ['urn:api', 'write'],
      ['urn:api', undefined],
      [undefined, 'openid'],
    ])
    expect(await client.getAccessToken({ resource: 'urn:api', scope: 'read' })).toBe(read)
    expect(log).toHaveLength(4)
    await client.close()
  })

  it.each([
    ['write read', 'read  write', 'read write read', ['read', 'write'], ['write', 'read', 'write'] as const],
    [['write', 'read'], 'read write'],
    ['', ' ', undefined, []],
  ])('are the same whatever the order of the scope’s words, in one text or a list: %j', async (first, ...others) => {
    //
    const { client, log } = await signedIn()
    const token = await client.getAccessToken({ resource: 'urn:api', scope: first })
    for (const scope of others) expect(await client.getAccessToken({ resource: 'urn:api', scope })).toBe(token)
    expect(log).toHaveLength(1)
    await client.close()
  })

  it('are requested with a list as with one text, by a resource of the client as well', async () => {
    const { client, log } = await signedIn({ resources: [{ url: API, scope: ['write', 'read'] }] })
    await client.refresh({ scope: ['read', 'write'] })
    await client.fetch(API)
    expect(log.map(({ scope }) => scope)).toEqual(['read write', 'write read'])
    expect(await client.getAccessToken({ scope: 'read write' })).toBe(await client.getAccessToken({ scope: ['write', 'read'] }))
    expect(log).toHaveLength(2)
    await client.close()
  })

  it('are refreshed with the given refresh token if the list of the scope is empty', async () => {
    const { client, log } = await signedIn()
    await client.refresh({ scope: [], refreshToken: 'refresh-token-2' })
    expect(log).toMatchObject([{ refresh_token: 'refresh-token-2' }])
    expect(log[0]).not.toHaveProperty('scope')
    await client.close()
  })

  it('are kept in the session up to a number, the newest ones, and none that has expired (invariant 14)', async () => {
    const { client, log, advance } = await signedIn()
    const names = (): readonly string[] => Object.keys(client.getTokenSet()?.byResource ?? {})
    for (let i = 0; i < 60; i += 1) await client.getAccessToken({ scope: `s${i}` })
    expect(names()).toHaveLength(50)
    expect(names().at(-1)).toBe(' s59')
    await client.getAccessToken({ scope: 's59' })
    expect(log).toHaveLength(60)
    advance(400_000)
    await client.getAccessToken({ resource: 'urn:one' })
    expect(names()).toEqual(['urn:one'])
    await client.close()
  })

  it('end the session with it, when the server refuses it', async () => {
    const { client, server } = await signedIn()
    server.faults = { respond: (request) => (request.url.endsWith('/token') ? refusal() : undefined) }
    const reasons: string[] = []
    client.on('signed-out', ({ reason }) => reasons.push(reason))
    await expect(client.getAccessToken({ resource: 'urn:api' })).rejects.toMatchObject({ code: 'token_invalid' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'token_invalid' } })
    expect(reasons).toEqual(['session-ended'])
    await client.close()
  })

  it('are requested once more for the session that replaced the former one in the meantime', async () => {
    const { client, server } = await signedIn()
    let isFirst = true
    const log = rotate(server, async () => {
      if (!isFirst) return undefined
      isFirst = false
      // The same user signs in again while the request is in flight.
      await client.login()
      return Response.json({ access_token: 'of-the-former', token_type: 'Bearer', refresh_token: 'also-of-the-former' })
    })
    const token = await client.getAccessToken({ resource: 'urn:api' })
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-2'])
    expect(token).not.toBe('of-the-former')
    expect(client.getTokenSet()?.byResource?.['urn:api']?.accessToken).toBe(token)
    await client.close()
  })

  const refusal = (): Response => Response.json({ error: 'invalid_grant' }, { status: 400 })
})

describe('a call of the former user', () => {
  it.each([
    ['getAccessToken({ scope })', (client) => client.getAccessToken({ scope: 'read' })],
    ['getAccessToken({ resource })', (client) => client.getAccessToken({ resource: 'urn:api' })],
    ['getAccessToken({ signal })', (client) => client.getAccessToken({ scope: 'read', signal: new AbortController().signal })],
    ['getAccessToken({ forceRefresh })', (client) => client.getAccessToken({ forceRefresh: true })],
    ['refresh()', (client) => client.refresh()],
  ] satisfies ReadonlyArray<readonly [string, (client: OAuthClient) => Promise<unknown>]>)(
    'gets no token of the next one, who gets it: %s',
    async (_name, call) => {
      const { client, server } = await signedIn()
      let release: (response: Response) => void = () => undefined
      let isHeld: () => void = () => undefined
      const held = new Promise<void>((resolve) => (isHeld = resolve))
      const first = new Promise<Response>((resolve) => (release = resolve))
      let isFirst = true
      const respond = async ({ url }: Request): Promise<Response | undefined> => {
        if (!url.endsWith('/token') || !isFirst) return undefined
        isFirst = false
        isHeld()
        return first
      }
      server.faults = { respond }
      const former = call(client).then(
        () => 'resolved',
        (cause: { readonly code?: string }) => cause.code,
      )
      await held
      await client.logout({ local: true, revoke: false })
      server.faults = { respond, claims: { sub: 'user-2', at_hash: undefined }, token: { access_token: 'user-2' } }
      await client.login()
      const next = call(client)
      release(Response.json({ access_token: 'user-1', token_type: 'Bearer', refresh_token: 'of-user-1' }))
      expect(await former).toBe('missing_token')
      expect(JSON.stringify(await next)).toContain('user-2')
      await client.close()
    },
  )
})

describe('a session without a refresh token', () => {
  async function withoutRefreshToken(): Promise<ClientBench> {
    const bench = await createClientBench({ resources: [{ url: API, resource: 'urn:api' }] })
    bench.server.faults = { token: { refresh_token: undefined } }
    await bench.client.login()
    return bench
  }

  it('uses its own token for what the sign-in requested', async () => {
    const { client, server } = await withoutRefreshToken()
    const before = countOf(server, 'POST /token')
    expect(await client.getAccessToken({ resource: 'urn:api' })).toBe('access-token-1')
    expect(await client.getAccessToken({ scope: 'profile' })).toBe('access-token-1')
    expect(countOf(server, 'POST /token')).toBe(before)
    await client.close()
  })

  it('gives no token for another resource, nor for a scope that was not granted', async () => {
    const { client } = await withoutRefreshToken()
    for (const wanted of [{ resource: 'urn:other' }, { scope: 'admin' }]) {
      await expect(client.getAccessToken(wanted)).rejects.toMatchObject({
        code: 'token_invalid',
        spec: expect.anything() as string,
      })
    }
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })
})

describe('client.refresh()', () => {
  it('requests a narrower scope if one is given, and sends none otherwise', async () => {
    //
    const { client, log } = await signedIn()
    expect((await client.refresh({ scope: 'openid' })).scope).toBe('openid')
    await client.refresh()
    expect(log.map(({ scope }) => scope)).toEqual(['openid', undefined])
    await client.close()
  })

  it('takes a refresh token from elsewhere', async () => {
    //
    const { client, server } = await signedIn()
    const log = rotate(server, (body) =>
      body.get('refresh_token') === 'from-elsewhere'
        ? Response.json({ access_token: 'other', token_type: 'Bearer', refresh_token: 'next' })
        : undefined,
    )
    expect(await client.refresh({ refreshToken: 'from-elsewhere' })).toMatchObject({ accessToken: 'other', refreshToken: 'next' })
    expect(log).toHaveLength(1)
    await client.close()
  })

  it('fails when no user is signed in', async () => {
    const { client } = await createClientBench()
    await client.start()
    await expect(client.refresh()).rejects.toMatchObject({ code: 'missing_token' })
    await client.close()
  })
})

describe('resources', () => {
  it('with a scope of their own get a token of their own, and the most specific prefix counts', async () => {
    const { client, server, log } = await signedIn({
      resources: [API, { url: `${API}admin`, scope: 'admin' }, { url: `${API}admin/audit`, scope: 'audit' }],
    })
    const sent: Array<string | null> = []
    const { respond } = server.faults
    server.faults = {
      respond: (request) => {
        if (!request.url.startsWith(API)) return respond?.(request)
        sent.push(request.headers.get('authorization'))
        return Response.json({})
      },
    }
    for (const path of ['users', 'admin/users', 'admin/audit/1']) await client.fetch(API + path)
    expect(log.map(({ scope }) => scope)).toEqual(['admin', 'audit'])
    expect(new Set(sent).size).toBe(3)
    expect(sent[0]).toBe('Bearer access-token-1')
    await client.close()
  })
})

describe('a signal that has fired', () => {
  it.each([
    ['getAccessToken()', (client, signal) => client.getAccessToken({ signal })],
    ['getAccessToken({ resource })', (client, signal) => client.getAccessToken({ resource: 'urn:api', signal })],
    ['refresh()', (client, signal) => client.refresh({ signal })],
    ['userInfo()', (client, signal) => client.userInfo({ signal })],
  ] satisfies ReadonlyArray<readonly [string, (client: OAuthClient, signal: AbortSignal) => Promise<unknown>]>)(
    'rejects %s without a request, even if there is a fresh token',
    async (_name, call) => {
      const { client, server, log } = await signedIn()
      const before = server.log.length
      await expect(call(client, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
      expect(log).toEqual([])
      expect(server.log).toHaveLength(before)
      await client.close()
    },
  )

  it('rejects fetch() as fetch does', async () => {
    const { client, server } = await signedIn()
    const before = server.log.length
    await expect(client.fetch(API, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.log).toHaveLength(before)
    await client.close()
  })
})
