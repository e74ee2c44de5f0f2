import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationRequest } from './authorization-request.js'
import { processAuthorizationResponse } from './authorization-response.js'
import type { ProtocolOptions, ResponseType } from './protocol-options.js'
import { failure } from './sign-in.fixture.js'
import {
  createContext,
  sharedKey,
  createTestServer,
  type Faults,
  issuer,
  leftHalf,
  metadata,
  redirectUri,
} from './test-server.fixture.js'
import type { TokenSet } from './token-set.js'

interface Front {
  readonly options?: Partial<ProtocolOptions>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly response?: Readonly<Record<string, string | undefined>>
  readonly backChannel?: Faults
}

/** Requests a response type and returns the callback with the fragment that the server sends for it. */
async function arrive(
  responseType: ResponseType,
  { options, claims, response, backChannel }: Front = {},
): Promise<() => Promise<TokenSet>> {
  const { privateKey, publicJwk } = await sharedKey('ES256', 'front')
  const server = await createTestServer('ES256')
  server.faults = { keys: [publicJwk], signWith: privateKey, header: { kid: 'front' } }
  const context = createContext(server, {
    server: { ...metadata, response_types_supported: undefined as never },
    idTokenSignedResponseAlg: 'ES256',
    responseType,
    ...options,
  })
  const { expectation } = await createAuthorizationRequest(context, {
    parameters: {},
    state: 'state-1',
    redirectUri,
  })
  server.nonce = expectation.nonce
  server.faults = { ...server.faults, ...backChannel }
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({
    iss: issuer,
    sub: 'user-1',
    aud: 'client-1',
    exp: now + 300,
    iat: now,
    nonce: expectation.nonce,
    at_hash: await leftHalf('front-token', 'ES256'),
    c_hash: await leftHalf('code-1', 'ES256'),
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'front' })
    .sign(privateKey)
  const words = responseType.split(' ')
  const all: Record<string, string | undefined> = {
    iss: issuer,
    state: 'state-1',
    ...(words.includes('code') && { code: 'code-1' }),
    ...(words.includes('id_token') && { id_token: token }),
    ...(words.includes('token') && { access_token: 'front-token', token_type: 'bearer', expires_in: '300' }),
    ...response,
  }
  const fragment = new URLSearchParams(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return () => processAuthorizationResponse(context, new URL(`${redirectUri}#${fragment}`), expectation)
}

describe('implicit', () => {
  it('takes the access token from the fragment', async () => {
    //
    const tokenSet = await (await arrive('token', { options: { scope: 'read' } }))()
    expect(tokenSet).toMatchObject({ accessToken: 'front-token', tokenType: 'bearer', scope: 'read' })
    expect(tokenSet.expiresAt).toBe(tokenSet.receivedAt + 300)
  })

  it.each([
    ['access_token', 'missing_token'],
    ['token_type', 'missing_token_type'],
    ['state', 'mismatching_state'],
  ])('is refused without "%s"', async (name, code) => {
    //
    const callback = await arrive('token', { response: { [name]: undefined } })
    expect(await failure(callback())).toMatchObject({ code })
  })

  it('looks at "error" before it misses the token', async () => {
    //
    const callback = await arrive('token', { response: { access_token: undefined, error: 'access_denied' } })
    expect(await failure(callback())).toMatchObject({ code: 'authorization_error', error: 'access_denied' })
  })

  it('never takes a refresh token from the fragment', async () => {
    //
    const tokenSet = await (await arrive('token', { response: { refresh_token: 'planted' } }))()
    expect(tokenSet.refreshToken).toBeUndefined()
    expect(tokenSet.response).not.toHaveProperty('refresh_token')
  })

  it('with an ID token checks it in full', async () => {
    //
    const tokenSet = await (await arrive('id_token token'))()
    expect(tokenSet).toMatchObject({ accessToken: 'front-token', claims: { sub: 'user-1' } })
  })

  it.each([
    ['nonce', undefined],
    ['nonce', 'another'],
    ['at_hash', undefined],
    ['at_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['aud', 'client-2'],
    ['exp', 1],
  ])('refuses an ID token whose "%s" is %j', async (claim, value) => {
    const callback = await arrive('id_token token', { claims: { [claim]: value } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('refuses an access token that was exchanged on the way', async () => {
    const callback = await arrive('id_token token', { response: { access_token: 'planted' } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('with an ID token alone needs neither access token nor "at_hash"', async () => {
    const tokenSet = await (await arrive('id_token', { claims: { at_hash: undefined }, response: { access_token: 'planted' } }))()
    expect(tokenSet).toMatchObject({ accessToken: '', claims: { sub: 'user-1' } })
    expect(tokenSet.response).not.toHaveProperty('access_token')
  })

  it('is refused without the requested ID token', async () => {
    const callback = await arrive('id_token', { response: { id_token: undefined } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('warns once, and says why', async () => {
    const warnings: string[] = []
    const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) }
    const server = await createTestServer()
    const context = {
      ...createContext(server, {
        server: { ...metadata, response_types_supported: ['token'] },
        responseType: 'token',
        scope: 'read',
      }),
      logger,
    }
    for (let turn = 0; turn < 2; turn += 1) {
      const input = { parameters: {}, state: 'state-1', redirectUri }
      const { expectation } = await createAuthorizationRequest(context, input)
      const url = new URL(`${redirectUri}#access_token=a&token_type=bearer&state=state-1&iss=${encodeURIComponent(issuer)}`)
      await processAuthorizationResponse(context, url, expectation)
    }
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('RFC 9700')
  })
})

describe('hybrid', () => {
  it.each(['code id_token', 'code token', 'code id_token token'] as const)(
    '%s ends with the tokens of the token endpoint',
    async (type) => {
      const tokenSet = await (await arrive(type))()
      expect(tokenSet).toMatchObject({
        accessToken: 'access-token-1',
        refreshToken: 'refresh-token-2',
        claims: { sub: 'user-1' },
      })
    },
  )

  it.each([
    ['code id_token', undefined],
    ['code id_token token', undefined],
    ['code token', 'issuer_mismatch'],
  ] as const)('%s without "iss": the ID token names the issuer, else it is missing (RFC 9207 §2.4)', async (type, code) => {
    const callback = await arrive(type, { response: { iss: undefined } })
    if (code) expect(await failure(callback())).toMatchObject({ code })
    else expect(await callback()).toMatchObject({ accessToken: 'access-token-1' })
  })

  it.each([
    ['c_hash', undefined],
    ['c_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['s_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['at_hash', undefined],
  ])('refuses an ID token whose "%s" is %j before it redeems the code', async (claim, value) => {
    //
    const callback = await arrive('code id_token token', { claims: { [claim]: value } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('accepts the right "s_hash"', async () => {
    await expect(
      (await arrive('code id_token', { claims: { s_hash: await leftHalf('state-1', 'ES256') } }))(),
    ).resolves.toBeDefined()
  })

  it('refuses a code that was exchanged on the way', async () => {
    const callback = await arrive('code id_token', { response: { code: 'planted' } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('refuses two ID tokens about two users (OpenID Connect Core §3.3.3.6)', async () => {
    const callback = await arrive('code id_token', { backChannel: { claims: { sub: 'user-2' } } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('response_type=none', () => {
  it('brings no token', async () => {
    const tokenSet = await (await arrive('none', { options: { scope: 'read' } }))()
    expect(tokenSet.accessToken).toBe('')
  })
})

describe('a server with an issuer per tenant', () => {
  const tenant = (name: string): Readonly<Record<string, unknown>> => ({ iss: `${issuer}/${name}`, tid: name })
  const options = { acceptedIssuers: `${issuer}/{tid}` }
  const backChannel = (name: string): Faults => ({ claims: { ...tenant(name), at_hash: undefined } })

  it('signs in with a code and an ID token of one tenant', async () => {
    const attempt = { options, claims: tenant('t1'), response: { iss: undefined }, backChannel: backChannel('t1') }
    await expect((await arrive('code id_token', attempt))()).resolves.toMatchObject({ claims: tenant('t1') })
    await expect((await arrive('id_token', { ...attempt }))()).resolves.toMatchObject({ claims: tenant('t1') })
  })

  it.each([
    ['the second ID token is of another tenant', { backChannel: backChannel('t2') }, 'invalid_id_token'],
    ['the response names another tenant', { response: { iss: `${issuer}/t2` } }, 'invalid_id_token'],
    ['the response names another server', { response: { iss: 'https://evil.example/t1' } }, 'issuer_mismatch'],
  ])('refuses the sign-in if %s', async (_what, fault, code) => {
    const attempt = { options, claims: tenant('t1'), response: { iss: undefined }, backChannel: backChannel('t1'), ...fault }
    expect(await failure((await arrive('code id_token', attempt))())).toMatchObject({ code })
  })
})
