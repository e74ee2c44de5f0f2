import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import type { OAuthClient } from '../client/client.js'
import { internalsOf } from '../client/internals.js'
import { createOAuthClient } from '../client/create-client.js'
import { passwordGrant } from '../grants.js'
import { settled } from '../platform/settled.fixture.js'
import { issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import type { TokenStorage } from '../storage/token-storage.js'

const API = 'https://api.example/'

interface Bench extends ClientBench {
  /** The requests to the API. */
  readonly seen: Request[]
  /** The `x` of each key that signed a proof for the token endpoint. */
  readonly keys: string[]
}

/** A client that is signed in, with tokens bound to its key. */
async function signedIn(options: Partial<ClientOptions> = {}, tokenType = 'DPoP'): Promise<Bench> {
  const bench = await createClientBench({ dpop: true, storage: keyed(), ...options })
  const seen: Request[] = []
  const keys: string[] = []
  bench.server.faults = {
    token: { token_type: tokenType },
    respond: (request) => {
      const proof = request.headers.get('dpop')
      if (request.url.endsWith('/token') && proof) keys.push(decodeProtectedHeader(proof).jwk?.x ?? '')
      if (!request.url.startsWith(API)) return undefined
      seen.push(request)
      return request.url.endsWith('/moved')
        ? new Response(null, { status: 307, headers: { location: 'https://other.example/' } })
        : Response.json({})
    },
  }
  await bench.client.login()
  return { ...bench, seen, keys }
}

const keyed = (): TokenStorage => Object.assign(memory(), { keepsCryptoKeys: true })

describe('the DPoP key of a client', () => {
  it('ends at sign-out', async () => {
    const { client, keys } = await signedIn()
    await client.refresh()
    await client.logout()
    await client.login()
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    await client.close()
  })

  it('ends at the sign-out of a session that was not read yet', async () => {
    const storage = keyed()
    const { client, server } = await signedIn({ storage })
    await client.close()
    const names = (): Promise<readonly string[]> => storage.keys('latchkey/')
    const reloaded = createOAuthClient({ issuer, clientId: 'client-1', dpop: true, storage, fetch: server.fetch })
    expect((await names()).some((name) => name.includes('dpop-key'))).toBe(true)
    await reloaded.logout()
    expect((await names()).some((name) => name.includes('dpop-key'))).toBe(false)
    await reloaded.close()
  })

  it('ends with a session that the server has ended', async () => {
    const { client, server, keys } = await signedIn()
    const { faults } = server
    server.faults = {
      ...faults,
      respond: (request) =>
        request.url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined,
    }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'token_invalid' })
    await settled()
    server.faults = faults
    await client.login()
    expect(keys[1]).not.toBe(keys[0])
    await client.close()
  })

  it('is the one of the session that began in another tab', async () => {
    const storage = keyed()
    const { client, server, keys } = await signedIn({ storage })
    const { options } = client
    const other = createOAuthClient(options)
    await other.start()
    await other.refresh()
    await client.logout()
    await client.login()
    // A message may have told the other tab of the new session; otherwise it reads it only now, and has no need to refresh.
    await other.refresh()
    await other.refresh()
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    expect(new Set(keys.slice(2)).size).toBe(1)
    expect(keys.length).toBeGreaterThan(3)
    expect(server.log).toContain('POST /token')
    await Promise.all([client.close(), other.close()])
  })
})

describe('the DPoP key of a user who signs in over the session of another', () => {
  const responseTo = (state: string): string =>
    `${redirectUri}?${new URLSearchParams({ code: 'c', state, iss: issuer }).toString()}`
  const password = { username: 'ada', password: 'secret-1' }
  type Way = (client: OAuthClient, server: TestServer) => Promise<unknown>
  const WAYS: ReadonlyArray<readonly [name: string, signIn: Way]> = [
    ['login()', (client) => client.login()],
    [
      'the password grant',
      (client, server) => {
        server.nonce = undefined
        return passwordGrant(client, password)
      },
    ],
    [
      'createAuthorizationUrl() and exchange()',
      async (client, server) => {
        const { url, state, nonce } = await createAuthorizationUrl(client)
        server.nonce = nonce
        expect(url.searchParams.get('dpop_jkt')).toBeTruthy()
        return exchange(client, responseTo(state))
      },
    ],
  ]

  it.each(WAYS)('is a new one, in all tabs and after a reload: %s', async (_, signIn) => {
    const storage = keyed()
    const { client, server, keys } = await signedIn({ storage })
    const { faults } = server
    const changes: unknown[] = []
    client.on('user-changed', (change) => changes.push(change))
    const other = createOAuthClient(client.options)
    await other.start()
    await other.refresh()
    server.faults = { ...faults, claims: { sub: 'user-2' } }
    await signIn(client, server)
    expect(changes).toHaveLength(1)
    await client.refresh()
    // Without a channel between the two, the other tab reads the new session only now.
    await expect(other.refresh()).rejects.toMatchObject({ code: 'missing_token' })
    await other.refresh()
    const reloaded = createOAuthClient(client.options)
    await reloaded.start()
    await reloaded.refresh()
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    expect(keys.length).toBeGreaterThan(5)
    expect(new Set(keys.slice(2)).size).toBe(1)
    expect((await storage.keys('latchkey/')).filter((name) => name.includes('dpop-key'))).toHaveLength(1)
    await Promise.all([client.close(), other.close(), reloaded.close()])
  })

  it('leaves the session and its key as they are while it has not succeeded', async () => {
    const { client, server, keys } = await signedIn()
    const { faults } = server
    server.faults = { ...faults, claims: { iss: 'https://another.example' } }
    await expect(client.login()).rejects.toMatchObject({ code: 'invalid_id_token' })
    server.faults = faults
    server.nonce = client.getTokenSet()?.claims?.nonce
    await client.refresh()
    expect(keys[1]).not.toBe(keys[0])
    expect(keys[2]).toBe(keys[0])
    await client.close()
  })

  it('is that of the request also where another tab signs in at the same time', async () => {
    const { client, server, keys } = await signedIn()
    const [first, second] = [await createAuthorizationUrl(client), await createAuthorizationUrl(client)]
    expect(first.url.searchParams.get('dpop_jkt')).toBe(second.url.searchParams.get('dpop_jkt'))
    for (const { state, nonce } of [first, second]) {
      server.nonce = nonce
      await exchange(client, responseTo(state))
    }
    expect(keys.slice(1)).toEqual([keys[1], keys[1]])
    await client.close()
  })

  it('is not another one for a silent sign-in, which is for the same user', async () => {
    const { client, server, keys } = await signedIn()
    const { flow } = await internalsOf(client).serverCalls()
    const input = { parameters: { prompt: 'none' }, returnTo: '/', redirectUri, transport: 'iframe', isSilent: true }
    const { url, state } = await flow.createRequest(input, undefined)
    server.nonce = new URL(url).searchParams.get('nonce') ?? undefined
    await flow.redeemResponse(responseTo(state))
    expect(keys[1]).toBe(keys[0])
    await client.close()
  })
})

describe('a planted DPoP key pair', () => {
  it('that can be exported is replaced, since its author may have a copy', async () => {
    const storage = sharedStorage()
    const first = await signedIn({ storage })
    await first.client.close()
    const [name = ''] = [...storage.values.keys()].filter((key) => key.includes('dpop-key'))
    const planted = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    storage.values.set(name, planted)
    const { client, keys } = await signedIn({ storage })
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toBe((await crypto.subtle.exportKey('jwk', planted.publicKey)).x)
    expect((storage.values.get(name) as CryptoKeyPair).privateKey.extractable).toBe(false)
    await client.close()
  })
})

describe('a proof', () => {
  it('does not follow a redirect to another origin', async () => {
    const { client, seen } = await signedIn()
    await expect(client.fetch(`${API}moved`)).rejects.toMatchObject({ code: 'invalid_response', status: 307 })
    expect(seen.map(({ redirect }) => redirect)).toEqual(['manual'])
    expect((await client.fetch(`${API}moved`, { redirect: 'manual' })).status).toBe(307)
    await client.close()
  })

  it('does not follow one either if a hook has made a new request', async () => {
    const protectedRequest = ({ url, method, headers }: Request): Request => new Request(url, { method, headers })
    const { client, seen } = await signedIn({ compliance: { protectedRequest } })
    await expect(client.fetch(`${API}moved`)).rejects.toMatchObject({ code: 'invalid_response', status: 307 })
    await client.fetch(API, { redirect: 'error' })
    expect(seen.map(({ redirect }) => redirect)).toEqual(['manual', 'error'])
    await client.close()
  })
})

describe('an API call at whose sign-out', () => {
  it.each([0, 1, 2, 3, 4, 6, 8])('the proof was still being signed is not sent (%d turns)', async (turns) => {
    const { client, seen } = await signedIn()
    const call = client.fetch(API).then(
      () => 'sent',
      (cause: { readonly code?: string }) => cause.code,
    )
    for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve))
    const before = seen.length
    const signOut = client.logout({ revoke: false, local: true })
    expect(await call).toBe(before === 0 ? 'missing_token' : 'sent')
    await signOut
    expect(seen).toHaveLength(before)
    await client.close()
  })

  it('a hook was still running is not sent', async () => {
    let release: (request: Request) => void = () => undefined
    let isHeld: () => void = () => undefined
    const held = new Promise<void>((resolve) => (isHeld = resolve))
    const protectedRequest = (request: Request): Promise<Request> => {
      isHeld()
      return new Promise((resolve) => (release = () => resolve(new Request(request.url))))
    }
    const { client, seen } = await signedIn({ compliance: { protectedRequest } }, 'Bearer')
    const refused = expect(client.fetch(API)).rejects.toMatchObject({ code: 'missing_token' })
    await held
    await client.logout({ revoke: false, local: true })
    release(new Request(API))
    await refused
    expect(seen).toEqual([])
    await client.close()
  })
})

describe('the hook "protectedRequest"', () => {
  it.each<[string, (request: Request) => Request]>([
    ['a new request', ({ url }) => new Request(url)],
    ['a new request with a signal of its own', ({ url }) => new Request(url, { signal: new AbortController().signal })],
    ['the same request', (request) => request],
  ])('that returns %s does not keep the caller from aborting', async (_, protectedRequest) => {
    const { client, seen } = await signedIn({ compliance: { protectedRequest } }, 'Bearer')
    const caller = new AbortController()
    await client.fetch(API, { signal: caller.signal })
    caller.abort()
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([true])
    await client.close()
  })

  it.each<[string, () => Promise<Request>]>([
    [
      'throws',
      () => {
        throw new Error('of the app')
      },
    ],
    ['rejects', () => Promise.reject(new Error('of the app'))],
  ])('that %s is named in the message', async (_, protectedRequest) => {
    const { client } = await signedIn({ compliance: { protectedRequest } }, 'Bearer')
    await expect(client.fetch(API)).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('protectedRequest'),
      cause: expect.objectContaining({ message: 'of the app' }),
    })
    await client.close()
  })

  it.each([undefined, null, 5, {}, 'https://api.example/'])(
    'that returns %o is an error of the configuration',
    async (result) => {
      const compliance = { protectedRequest: () => result as unknown as Request }
      const { client, seen } = await signedIn({ compliance }, 'Bearer')
      const before = seen.length
      await expect(client.fetch(API)).rejects.toMatchObject({
        code: 'configuration',
        hint: expect.stringContaining('protectedRequest'),
      })
      expect(seen).toHaveLength(before)
      await client.close()
    },
  )
})

describe('userInfo() at whose sign-out', () => {
  it.each([0, 1, 2, 3, 4, 6, 8])('the proof was still being signed is not sent (%d turns)', async (turns) => {
    const { client, server } = await signedIn()
    const sent = (): number => server.log.filter((line) => line === 'GET /userinfo').length
    const call = client.userInfo().catch((cause: { readonly code?: string }) => cause.code)
    for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve))
    const before = sent()
    const signOut = client.logout({ revoke: false, local: true })
    const result = await call
    if (before === 0) expect(result).toBe('missing_token')
    await signOut
    expect(sent()).toBe(before)
    await client.close()
  })

  it.each(['DPoP', 'Bearer'])('the response was on its way gives no claims (%s)', async (type) => {
    const { client, server } = await signedIn({ dpop: type === 'DPoP' }, type)
    const { faults } = server
    let release: (response: undefined) => void = () => undefined
    const held = new Promise<void>((isHeld) => {
      server.faults = {
        ...faults,
        respond: (request) => {
          if (!request.url.endsWith('/userinfo')) return faults.respond?.(request)
          isHeld()
          return new Promise<undefined>((resolve) => (release = resolve))
        },
      }
    })
    const call = client.userInfo()
    call.catch(() => undefined)
    await held
    await client.logout({ revoke: false, local: true })
    release(undefined)
    await expect(call).rejects.toMatchObject({ code: 'missing_token' })
    await client.close()
  })
})

describe('the referrer policy of the caller', () => {
  const form = { method: 'POST', body: new URLSearchParams({ a: '1' }) }
  // Node 24 loses it, and the referrer, in a copy. Node sends no Referer, so nothing depends on it there.
  const isCopied = new Request(new Request(API, { referrerPolicy: 'no-referrer' })).referrerPolicy === 'no-referrer'

  it.each([
    ['Bearer', 'header', {}],
    ['Bearer', 'query', {}],
    ['Bearer', 'body', form],
    ['DPoP', 'header', {}],
  ] as const)('is kept with a %s token in the %s', async (type, tokenPlacement, init) => {
    const isLost = tokenPlacement === 'body' && !isCopied
    const { client, seen } = await signedIn({ resources: [{ url: API, tokenPlacement }] }, type)
    await client.fetch(API, { ...init, referrerPolicy: 'no-referrer', referrer: '' })
    expect(seen[0]).toMatchObject(isLost ? { referrer: 'about:client' } : { referrerPolicy: 'no-referrer', referrer: '' })
    await client.close()
  })
})

describe('a Bearer token where a DPoP-bound one is requested', () => {
  it('is accepted with one warning', async () => {
    const warnings: string[] = []
    const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) }
    const { client, seen } = await signedIn({ logger }, 'Bearer')
    await client.refresh()
    await client.fetch(API)
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer access-token-1')
    expect(warnings.filter((message) => message.includes('"dpop"'))).toHaveLength(1)
    await client.close()
  })

  it.each(['required', { required: true, alg: 'RS256' }] as const)('is refused at the sign-in with dpop: %j', async (dpop) => {
    const refused = signedIn({ dpop }, 'Bearer')
    await expect(refused).rejects.toMatchObject({ code: 'unsupported_token_type', spec: 'RFC 9449, section 5' })
    const { client } = await signedIn({ dpop })
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })

  it('is refused at a refresh, whose rotated refresh token is kept', async () => {
    const { client, server } = await signedIn({ dpop: 'required' })
    server.faults = { token: { refresh_token: 'refresh-token-3' } }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'unsupported_token_type' })
    expect(client.getTokenSet()).toMatchObject({ tokenType: 'DPoP', refreshToken: 'refresh-token-3' })
    await client.close()
  })

  it('is not sent if it was stored before the option was set', async () => {
    const storage = keyed()
    const before = await signedIn({ storage, dpop: false }, 'Bearer')
    await before.client.close()
    const client = createOAuthClient({ ...before.client.options, dpop: 'required' })
    await expect(client.fetch(API)).rejects.toMatchObject({ code: 'unsupported_token_type' })
    await expect(client.userInfo()).rejects.toMatchObject({ code: 'unsupported_token_type' })
    expect(before.seen).toEqual([])
    expect(before.server.log).not.toContain('GET /userinfo')
    await client.close()
  })

  it('is refused by a grant without a session', async () => {
    const { server } = await createClientBench()
    const subject = { issuer, clientId: 'client-1', dpop: 'required', fetch: server.fetch } as const
    const grant = passwordGrant(subject, { username: 'ada', password: 'password-1' })
    await expect(grant).rejects.toMatchObject({ code: 'unsupported_token_type' })
  })
})
