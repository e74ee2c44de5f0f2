import { describe, expect, it } from 'vitest'
import { clientCredentialsSession } from '../grants.js'
import { createAuthorizationUrl, createOAuthClient, createSignOutUrl, exchange, type TokenSet } from '../index.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'
import { countOf, createClientBench } from './client.fixture.js'

describe('refresh({ refreshToken }) where no user is signed in', () => {
  it.each([{}, { nonce: 'of-the-sign-in' }])('signs in with the new tokens (claims %j)', async (claims) => {
    const { client, server } = await createClientBench({ storage: memory() })
    server.faults = { claims, token: { refresh_token: 'rotated' } }
    await client.start()
    const events: unknown[] = []
    client.on('signed-in', (event) => events.push(event))
    const tokenSet = await client.refresh({ refreshToken: 'of-a-database' })
    expect(tokenSet).toMatchObject({ accessToken: 'access-token-1', refreshToken: 'rotated', claims: { sub: 'user-1' } })
    expect(server.bodies.at(-1)?.get('refresh_token')).toBe('of-a-database')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', tokenSet })
    expect(events).toEqual([{ tokenSet, returnTo: '/' }])
    await client.refresh()
    expect(server.bodies.at(-1)?.get('refresh_token')).toBe('rotated')
    await client.close()
  })

  it('ends in token_invalid if the server refuses it, and still needs a token or a user', async () => {
    const { client, server } = await createClientBench({ storage: memory() })
    const refusal = Response.json({ error: 'invalid_grant' }, { status: 400 })
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? refusal.clone() : undefined) }
    await expect(client.refresh({ refreshToken: 'old' })).rejects.toMatchObject({ code: 'token_invalid', error: 'invalid_grant' })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'missing_token' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle' })
    await client.close()
  })

  it('is dropped if the user signs out in the meantime', async () => {
    const { client, server } = await createClientBench({ storage: memory() })
    await client.start()
    let release: () => void = () => undefined
    const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? held : undefined) }
    const late = client.refresh({ refreshToken: 'of-a-database' })
    await expect.poll(() => countOf(server, 'POST /token')).toBe(1)
    await client.logout({ local: true })
    release()
    await late
    expect(client.getSnapshot().status).toBe('signed-out')
    await client.close()
  })
})

describe('onTokenSet', () => {
  it('gets the token set that the new one replaces', async () => {
    //
    const calls: unknown[] = []
    const onTokenSet = (tokenSet: TokenSet, reason: string, former?: TokenSet): void => {
      calls.push([reason, tokenSet.refreshToken, former?.refreshToken])
    }
    const { client, server } = await createClientBench({ storage: memory(), onTokenSet })
    await client.login()
    server.faults = { token: { refresh_token: 'refresh-token-3' } }
    await client.refresh()
    await client.logout()
    await client.login()
    expect(calls).toEqual([
      ['login', 'refresh-token-2', undefined],
      ['refresh', 'refresh-token-3', 'refresh-token-2'],
      ['login', 'refresh-token-3', undefined],
    ])
    await client.close()
  })

  it('gets it from a client without a user, too', async () => {
    //
    const { server } = await createClientBench()
    server.faults = { token: { id_token: undefined } }
    const formers: unknown[] = []
    const onTokenSet = (_tokenSet: TokenSet, _reason: string, former?: TokenSet): void => void formers.push(former?.accessToken)
    const subject = {
      issuer,
      clientId: 'client-1',
      clientSecret: 's',
      clientAuth: 'client_secret_basic',
      fetch: server.fetch,
    } as const
    const session = clientCredentialsSession(subject, { onTokenSet })
    await session.getAccessToken()
    await session.getAccessToken({ forceRefresh: true })
    expect(formers).toEqual([undefined, 'access-token-1'])
  })
})

describe('an authorization request that another process has sent', () => {
  it('is completed with what was saved of it', async () => {
    const { client, server } = await createClientBench({ storage: memory() })
    const { url, ...sent } = await createAuthorizationUrl(client, { returnTo: '/orders' })
    const saved = JSON.parse(JSON.stringify({ ...sent, returnTo: '/orders' })) as typeof sent
    const other = createOAuthClient({ ...client.options, storage: memory() })
    server.nonce = url.searchParams.get('nonce') ?? undefined
    const callback = `${redirectUri}?${new URLSearchParams({ code: 'code-1', state: saved.state, iss: issuer })}`
    await expect(exchange(other, callback)).rejects.toMatchObject({ code: 'mismatching_state' })
    expect(await exchange(other, callback, saved)).toMatchObject({ returnTo: '/orders' })
    expect(server.bodies.at(-1)?.get('code_verifier')).toBe(sent.codeVerifier)
    await other.close()
  })

  it.each([
    [{ state: 'another' }, 'mismatching_state'],
    [{ nonce: 'another' }, 'invalid_id_token'],
    [{ codeVerifier: 'short' }, 'configuration'],
    [{ returnTo: 'https://evil.example/' }, 'invalid_return_to'],
    [{ redirectUri: 'https://app.example/other' }, 'issuer_mismatch'],
  ])('is refused with %j', async (change, code) => {
    const { client, server } = await createClientBench({ storage: memory() })
    const { url, ...saved } = await createAuthorizationUrl(client)
    server.nonce = url.searchParams.get('nonce') ?? undefined
    const other = createOAuthClient({ ...client.options, storage: memory() })
    const callback = `${redirectUri}?${new URLSearchParams({ code: 'code-1', state: saved.state, iss: issuer })}`
    await expect(exchange(other, callback, { ...saved, ...change })).rejects.toMatchObject({ code })
    expect(other.getTokenSet()).toBeUndefined()
    await other.close()
  })
})

describe('logout() outside a page', () => {
  it('returns the URL of the end session endpoint', async () => {
    const { client } = await createClientBench({ storage: memory() })
    await client.login()
    const idToken = client.getTokenSet()?.idToken
    const { url, ...reached } = await client.logout()
    expect(reached).toEqual({ local: true, provider: false })
    expect(`${url?.origin}${url?.pathname}`).toBe(`${issuer}/end`)
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      id_token_hint: idToken,
      client_id: 'client-1',
      post_logout_redirect_uri: redirectUri,
    })
    await client.close()
  })

  it('returns it without a local session, too, and not for a local sign-out', async () => {
    const { client } = await createClientBench({ storage: memory() })
    const { url } = await client.logout()
    expect(url?.pathname).toBe('/end')
    expect(url?.searchParams.has('id_token_hint')).toBe(false)
    expect((await client.logout({ local: true })).url).toBeUndefined()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: undefined })
    await client.close()
  })

  it('returns none for a server without the endpoint', async () => {
    const { client, server } = await createClientBench({ storage: memory() })
    server.faults = { metadata: { end_session_endpoint: undefined } }
    expect(await client.logout()).toEqual({ local: true, provider: false, url: undefined })
    await client.close()
  })
})

describe('createSignOutUrl()', () => {
  it('creates the URL without ending the local session', async () => {
    const { client } = await createClientBench({ storage: memory() })
    await client.login()
    const url = await createSignOutUrl(client, { postLogoutRedirectUri: 'https://app.example/bye', state: 'mine' })
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      id_token_hint: client.getTokenSet()?.idToken,
      post_logout_redirect_uri: 'https://app.example/bye',
      state: 'mine',
    })
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })
})
