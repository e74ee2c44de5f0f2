import { describe, expect, it, vi } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { countOf, createClientBench, instantTransport, type ClientBench } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import type { OAuthClient } from '../client/client.js'
import type { UserClaims } from '../protocol/claims.js'
import { rotate } from '../refresh/rotating-server.fixture.js'
import type { StandardSchema } from './session-options.js'
import { memory } from '../storage/memory.js'

/** Holds the responses of the endpoint back from now on. @returns releases them */
function hold({ server }: ClientBench, path: string): () => void {
  let release: () => void = () => undefined
  const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
  server.faults = { ...server.faults, respond: (request) => (request.url.endsWith(path) ? released : undefined) }
  return release
}

/** What a page that is opened now would show. */
async function statusAfterReload({ client }: ClientBench): Promise<string> {
  const next = createOAuthClient(client.options)
  await next.start()
  const { status } = next.getSnapshot()
  await next.close()
  return status
}

const local = { local: true, revoke: false }

describe('invariant 10: a sign-in that was in flight cannot bring a signed-out session back', () => {
  it('drops the token response that comes after the sign-out', async () => {
    const bench = await createClientBench({ storage: memory() })
    const ignored: string[] = []
    bench.client.on('callback-ignored', ({ reason }) => ignored.push(reason))
    await bench.client.start()
    const release = hold(bench, '/token')
    const signingIn = bench.client.login()
    await expect.poll(() => countOf(bench.server, 'POST /token')).toBe(1)
    await bench.client.logout(local)
    release()
    expect(await signingIn).toBeUndefined()
    expect(ignored).toHaveLength(1)
    expect(bench.client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('spends no code that comes back after the sign-out', async () => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.start()
    const inner = instantTransport(bench.server)
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const isAway = new Promise<void>((markAway) => {
      void bench.client.login({
        transport: {
          name: 'slow',
          prepare: () => ({
            async navigate(request) {
              markAway()
              await released
              return inner.prepare().navigate(request)
            },
            cancel: () => undefined,
          }),
        },
      })
    })
    await isAway
    await bench.client.logout(local)
    release()
    await settled()
    expect(countOf(bench.server, 'POST /token')).toBe(0)
    expect(bench.client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
  })

  it('writes nothing when the user signs out while onTokenSet is running', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let calls = 0
    const onTokenSet = (): Promise<void> => ((calls += 1), released)
    const bench = await createClientBench({ storage: memory(), onTokenSet })
    await bench.client.start()
    const signingIn = bench.client.login()
    await expect.poll(() => calls).toBe(1)
    await bench.client.logout(local)
    release()
    expect(await signingIn).toBeUndefined()
    expect(bench.client.getSnapshot().status).toBe('signed-out')
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('clears what was being written when the user signed out', async () => {
    const storage = memory()
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let isWriting = false
    // The sign-out's own write goes ahead of that of the sign-in.
    const slow = {
      ...storage,
      async update(key: string, change: (stored: unknown) => unknown): Promise<void> {
        if (key.endsWith('/session') && !isWriting) {
          isWriting = true
          await released
        }
        return storage.update(key, change)
      },
    }
    const bench = await createClientBench({ storage: slow })
    await bench.client.start()
    const signingIn = bench.client.login()
    await expect.poll(() => isWriting).toBe(true)
    await bench.client.logout(local)
    release()
    expect(await signingIn).toBeUndefined()
    expect(bench.client.getSnapshot().status).toBe('signed-out')
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('lets a sign-in pass that was begun after the sign-out', async () => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.login()
    const leaving = bench.client.logout(local)
    await bench.client.login()
    await leaving
    expect(bench.client.getSnapshot().status).toBe('signed-in')
    expect(await statusAfterReload(bench)).toBe('signed-in')
  })
})

describe('logout() before the start is over', () => {
  it.each([
    ['while the storage is read', (client: OAuthClient) => void client.start()],
    ['before anything was started', () => undefined],
  ])('revokes the stored tokens and forgets them, %s', async (_, begin) => {
    // covers A-096, B-049
    const bench = await createClientBench({ storage: memory() })
    await bench.client.login()
    const page = createOAuthClient(bench.client.options)
    begin(page)
    await page.logout()
    expect(countOf(bench.server, 'POST /revoke')).toBe(1)
    expect(bench.server.bodies.at(-1)?.get('token')).toBe('refresh-token-2')
    await page.start()
    expect(page.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('revokes the refresh token that another tab got, not the spent one that this tab knows', async () => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.login()
    const other = createOAuthClient(bench.client.options)
    await other.start()
    bench.server.faults = { token: { refresh_token: 'refresh-token-3' } }
    await other.refresh()
    await bench.client.logout()
    expect(bench.server.bodies.at(-1)?.get('token')).toBe('refresh-token-3')
  })
})

describe('a stored session with an invalid record', () => {
  it.each([[{}], [null], ['text'], [{ accessToken: 1 }], [{ accessToken: '' }]])(
    'is nobody’s: %j (invariant 11)',
    async (data) => {
      const storage = memory()
      const bench = await createClientBench({ storage })
      await bench.client.login()
      for (const key of await storage.keys('latchkey/'))
        if (key.endsWith('/session')) await storage.update(key, (stored) => ({ ...(stored as object), data }))

      expect(await statusAfterReload(bench)).toBe('signed-out')
      await bench.client.logout()
      expect(bench.client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
    },
  )

  it.each([[{}], [null]])('does not take %j for server metadata, but asks the server anew (invariant 11)', async (data) => {
    const storage = memory()
    const bench = await createClientBench({ storage })
    await bench.client.login()
    for (const key of await storage.keys('latchkey/'))
      if (key.endsWith('/server')) await storage.update(key, (stored) => ({ ...(stored as object), data }))

    const next = createOAuthClient(bench.client.options)
    await next.login()
    expect(next.getSnapshot().status).toBe('signed-in')
    expect(countOf(bench.server, 'GET /.well-known/openid-configuration')).toBe(2)
  })
})

/** A request to the API that is answered when the session lets go of it. */
function hangingFetch({ client, server }: ClientBench): Promise<unknown> {
  server.faults = {
    ...server.faults,
    respond: (request) =>
      request.url.startsWith('https://api.example/')
        ? new Promise((_resolve, reject) =>
            request.signal.addEventListener('abort', () => reject(request.signal.reason as Error)),
          )
        : undefined,
  }
  return client.fetch('https://api.example/').catch((cause: unknown) => cause)
}

describe('requests of a session that is over', () => {
  it('are aborted when another user signs in', async () => {
    const bench = await createClientBench()
    await bench.client.login()
    const orphan = hangingFetch(bench)
    await expect.poll(() => countOf(bench.server, 'GET /')).toBe(1)
    bench.server.faults = { claims: { sub: 'user-2' } }
    await bench.client.login()
    expect(await orphan).toMatchObject({ code: 'missing_token' })
  })

  it('are aborted by a sign-in without an ID token, which may be another user’s', async () => {
    const bench = await createClientBench({ scope: 'profile' })
    bench.server.faults = { token: { id_token: undefined } }
    await bench.client.login()
    const changes: unknown[] = []
    bench.client.on('user-changed', (change) => changes.push(change))
    const orphan = hangingFetch(bench)
    await expect.poll(() => countOf(bench.server, 'GET /')).toBe(1)
    await bench.client.login()
    expect(await orphan).toMatchObject({ code: 'missing_token' })
    expect(changes).toEqual([{ formerSubject: undefined, subject: undefined }])
  })

  it.each([
    ['openid profile', 'and a second sign-in of the same user'],
    ['profile', 'where no ID token names the user'],
  ])('go on over a refresh (scope "%s"), %s', async (scope) => {
    const bench = await createClientBench({ scope })
    const isNamed = scope.startsWith('openid')
    bench.server.faults = isNamed ? {} : { token: { id_token: undefined } }
    await bench.client.login()
    const request = hangingFetch(bench)
    await expect.poll(() => countOf(bench.server, 'GET /')).toBe(1)
    await bench.client.refresh()
    if (isNamed) await bench.client.login()
    const ended = vi.fn()
    void request.then(ended)
    await settled()
    expect(ended).not.toHaveBeenCalled()
    await bench.client.close()
    expect(await request).toMatchObject({ code: 'aborted' })
  })

  it('are aborted by close(); a client that is started again sends new ones', async () => {
    // covers A-018, D-029
    const bench = await createClientBench()
    await bench.client.login()
    const orphan = hangingFetch(bench)
    await expect.poll(() => countOf(bench.server, 'GET /')).toBe(1)
    await bench.client.close()
    expect(await orphan).toMatchObject({ code: 'aborted' })
    bench.server.faults = { respond: ({ url }) => (url.startsWith('https://api') ? new Response('data') : undefined) }
    await bench.client.start()
    expect((await bench.client.fetch('https://api.example/')).status).toBe(200)
    await bench.client.close()
  })
})

describe('a session that the server ends', () => {
  it('is reported as an error too (invalid_grant)', async () => {
    const bench = await createClientBench()
    await bench.client.login()
    const reported: string[] = []
    bench.client.on('error', ({ error }) => reported.push(error.code))
    bench.client.on('signed-out', ({ reason }) => reported.push(reason))
    bench.advance(250_000)
    bench.server.faults = {
      respond: ({ url }) => (url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined),
    }
    await bench.client.getAccessToken().catch(() => undefined)
    expect(reported).toEqual(['session-ended', 'token_invalid'])
  })

  it('is no error when the user ends it', async () => {
    const bench = await createClientBench()
    await bench.client.login()
    const reported: unknown[] = []
    bench.client.on('error', ({ error }) => reported.push(error))
    await bench.client.logout(local)
    expect(reported).toEqual([])
  })
})

describe('response_type=none', () => {
  const noneIsSupported = { metadata: { response_types_supported: ['code', 'none'] } }

  it('does not sign the user in: the response has neither a token nor a user (OAuth 2.0 Multiple Response Types, section 4)', async () => {
    const bench = await createClientBench({ responseType: 'none', storage: memory() }, { answer: { code: undefined } })
    bench.server.faults = noneIsSupported
    const signedIn: unknown[] = []
    bench.client.on('signed-in', (event) => signedIn.push(event))
    await bench.client.start()
    expect(await bench.client.login()).toBeUndefined()
    expect(bench.client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(signedIn).toEqual([])
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('is refused like any other when the server says no', async () => {
    const bench = await createClientBench({ responseType: 'none' }, { answer: { code: undefined, error: 'access_denied' } })
    bench.server.faults = noneIsSupported
    await expect(bench.client.login()).rejects.toMatchObject({ code: 'authorization_error', error: 'access_denied' })
  })
})

describe('a stored session whose claims no longer fit the schema', () => {
  const schemaOf = (isValid: () => boolean): StandardSchema<UserClaims> => ({
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (isValid() ? { value: value as UserClaims } : { issues: [{ message: 'missing', path: ['role'] }] }),
    },
  })

  it('ends with invalid_claims in the state and the event, and stays stored for the release that knows them', async () => {
    const storage = memory()
    const { client } = await createClientBench({ storage })
    await client.login()
    await client.close()
    const claims = schemaOf(() => false)
    const next = createOAuthClient({ ...client.options, claims })
    const errors: unknown[] = []
    const statuses: string[] = []
    next.on('error', ({ error }) => errors.push(error))
    next.subscribe(() => statuses.push(next.getSnapshot().status))
    await next.start()
    expect(next.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: { code: 'invalid_claims' } })
    expect(errors).toEqual([next.getSnapshot().error])
    // A guard that sees "signed-out" without the error would start a sign-in.
    expect(statuses).toEqual(['restoring', 'signed-out'])
    expect(await statusAfterReload({ client } as ClientBench)).toBe('signed-in')
    await next.close()
  })

  it('is an error with texts where the schema itself fails', async () => {
    const { client } = await createClientBench({ storage: memory() })
    await client.login()
    await client.close()
    const claims = schemaOf(() => {
      throw new Error('a bug of the app')
    })
    const next = createOAuthClient({ ...client.options, claims })
    await next.start()
    expect(next.getSnapshot().error).toMatchObject({ code: 'unexpected', hint: expect.any(String) as string })
    await next.close()
  })

  it('ends in the tab that cannot read what another one wrote, and sends no spent refresh token', async () => {
    let isValid = true
    const { client, server } = await createClientBench({ storage: memory() })
    await client.login()
    const other = createOAuthClient({ ...client.options, claims: schemaOf(() => isValid) })
    await other.start()
    isValid = false
    const log = rotate(server)
    await client.refresh()
    const events: unknown[] = []
    other.on('signed-out', (event) => events.push(event))
    other.on('error', (event) => events.push(event))
    await expect(other.refresh()).rejects.toMatchObject({ code: 'missing_token' })
    expect(other.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'invalid_claims' } })
    expect(events).toMatchObject([
      { reason: 'session-ended', error: { code: 'invalid_claims' } },
      { error: { code: 'invalid_claims' } },
    ])
    await client.refresh()
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-3'])
    await Promise.all([client.close(), other.close()])
  })
})
