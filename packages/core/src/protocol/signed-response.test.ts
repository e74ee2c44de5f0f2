import { CompactEncrypt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationRequest } from './authorization-request.js'
import { processAuthorizationResponse } from './authorization-response.js'
import type { ProtocolOptions } from './protocol-options.js'
import { failure, signIn } from './sign-in.fixture.js'
import { createContext, sharedKey, createTestServer, issuer, redirectUri } from './test-server.fixture.js'
import type { TokenSet } from './token-set.js'

interface Jarm {
  readonly options?: Partial<ProtocolOptions>
  readonly claims?: Readonly<Record<string, unknown>>
  /** Instead of the signed response. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly signWith?: CryptoKey
  readonly alg?: string
  readonly typ?: string | undefined
}

/** A code flow with a signed JWT as its response. */
async function arrive({ options, claims, parameters, signWith, alg = 'RS256', typ }: Jarm = {}): Promise<
  () => Promise<TokenSet>
> {
  const { privateKey, publicJwk } = await sharedKey('RS256', 'jarm')
  const server = Object.assign(await createTestServer(), {
    faults: { keys: [publicJwk], signWith: privateKey, header: { kid: 'jarm' } },
  })
  const context = createContext(server, { responseMode: 'jwt', ...options })
  const { expectation } = await createAuthorizationRequest(context, {
    parameters: {},
    state: 'state-1',
    redirectUri,
  })
  server.nonce = expectation.nonce
  const exp = Math.floor(Date.now() / 1000) + 60
  const response = await new SignJWT({ iss: issuer, aud: 'client-1', exp, code: 'code-1', state: 'state-1', ...claims })
    .setProtectedHeader({ alg, kid: 'jarm', ...(typ !== undefined && { typ }) })
    .sign(signWith ?? privateKey)
  const query = new URLSearchParams(parameters ?? { response })
  return () => processAuthorizationResponse(context, new URL(`${redirectUri}?${query}`), expectation)
}

describe('a signed authorization response (JARM)', () => {
  it('is redeemed like a plain one', async () => {
    await expect((await arrive())()).resolves.toMatchObject({ accessToken: 'access-token-1' })
  })

  it.each([
    ['iss', 'https://evil.example'],
    ['aud', 'client-2'],
    ['exp', 1],
    ['exp', undefined],
    ['iss', undefined],
  ])('is refused when its "%s" is %j', async (claim, value) => {
    expect(await failure((await arrive({ claims: { [claim]: value } }))())).toMatchObject({ code: 'invalid_response' })
  })

  it('is refused with another state, and reports the error inside', async () => {
    expect(await failure((await arrive({ claims: { state: 'state-2' } }))())).toMatchObject({ code: 'mismatching_state' })
    const denied = await arrive({ claims: { error: 'access_denied', code: undefined } })
    expect(await failure(denied())).toMatchObject({ code: 'authorization_error', error: 'access_denied' })
  })

  it('is refused when its "typ" names another kind of token', async () => {
    await expect((await arrive({ typ: 'JWT' }))()).resolves.toMatchObject({ accessToken: 'access-token-1' })
    for (const typ of ['at+jwt', 'application/logout+jwt'])
      expect(await failure((await arrive({ typ }))())).toMatchObject({ code: 'invalid_response' })
  })

  it('is refused when it is signed by another party', async () => {
    const other = await sharedKey('RS256', 'other')
    expect(await failure((await arrive({ signWith: other.privateKey }))())).toMatchObject({ code: 'invalid_response' })
  })

  it('is refused when it is not signed as the client is registered', async () => {
    expect(await failure((await arrive({ options: { authorizationSignedResponseAlg: 'PS256' } }))())).toMatchObject({
      code: 'invalid_response',
    })
  })

  it('is not replaced by a plain response', async () => {
    const plain = await arrive({ parameters: { code: 'code-1', state: 'state-1', iss: issuer } })
    expect(await failure(plain())).toMatchObject({ code: 'invalid_response' })
  })
})

describe('an encrypted ID token', () => {
  it('is opened with the key of the client and then checked in full', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RSA-OAEP-256', { extractable: true })
    const encrypt = (token: string): Promise<string> =>
      new CompactEncrypt(new TextEncoder().encode(token))
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
        .encrypt(publicKey)
    const faults = { mangleIdToken: encrypt }
    await expect(signIn({ options: { decryptionKey: privateKey }, faults })).resolves.toMatchObject({
      tokenSet: { claims: { sub: 'user-1' } },
    })
    const jwk = { ...(await exportJWK(privateKey)), alg: 'RSA-OAEP-256' } as JsonWebKey
    await expect(signIn({ options: { decryptionKey: jwk }, faults })).resolves.toBeDefined()
    const wrong = signIn({ options: { decryptionKey: privateKey }, faults: { ...faults, claims: { aud: 'client-2' } } })
    expect(await failure(wrong)).toMatchObject({ code: 'invalid_id_token' })
    expect(await failure(signIn({ faults }))).toMatchObject({
      code: 'invalid_id_token',
      hint: expect.stringContaining('private key') as string,
    })
  })
})
