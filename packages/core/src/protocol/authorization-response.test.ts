import { describe, expect, it } from 'vitest'
import { processAuthorizationResponse } from './authorization-response.js'
import { loadServer } from './load-server.js'
import { everythingIn, failure, prepareSignIn, signIn } from './sign-in.fixture.js'
import { createContext, issuer } from './test-server.fixture.js'

describe('the authorization response', () => {
  it('is redeemed with one request', async () => {
    // covers, B-014
    const { server, tokenSet } = await signIn()
    expect(tokenSet.accessToken).toBe('access-token-1')
    expect(server.log).toEqual(['GET /.well-known/openid-configuration', 'GET /jwks', 'POST /token'])
  })

  it('costs one request even when the sign-in page was open for longer than metadata stays fresh', async () => {
    let time = Date.now()
    const { server, callback } = await prepareSignIn({
      clock: { now: () => time },
      betweenRequests: (running) => {
        time += 50 * 60_000
        running.now = () => Math.floor(time / 1000)
      },
    })
    time += 20 * 60_000
    await callback()
    expect(server.log).toHaveLength(3)
  })

  it.each(['state-2', undefined])('is refused with "state" %s before any request', async (state) => {
    // covers, B-019
    const { server, callback } = await prepareSignIn({ response: { state } })
    const before = server.log.length
    expect(await failure(callback())).toMatchObject({ name: 'ValidationError', code: 'mismatching_state' })
    expect(server.log).toHaveLength(before)
  })

  it.each([undefined, ''])('is refused with "code" %j', async (code) => {
    //
    const { callback } = await prepareSignIn({ response: { code } })
    expect(await failure(callback())).toMatchObject({ code: 'missing_code', spec: 'RFC 6749, section 4.1.2' })
  })

  it('is refused when its issuer is another one, even with an error in it (RFC 9207 §2.4)', async () => {
    const { callback } = await prepareSignIn({
      response: { iss: 'https://evil.example', code: undefined, error: 'access_denied' },
    })
    expect(await failure(callback())).toMatchObject({ code: 'issuer_mismatch' })
  })

  it('is refused without an issuer when the server says that it sends one', async () => {
    const { callback } = await prepareSignIn({ response: { iss: undefined } })
    expect(await failure(callback())).toMatchObject({ code: 'issuer_mismatch' })
    const start = { metadata: { authorization_response_iss_parameter_supported: undefined } }
    await expect(signIn({ start, response: { iss: undefined } })).resolves.toBeDefined()
  })

  it('reports the error of the server with its words and a hint', async () => {
    // covers, B-015
    const response = { code: undefined, error: 'access_denied', error_description: 'no', error_uri: 'https://server.example/why' }
    const { callback } = await prepareSignIn({ response })
    expect(await failure(callback())).toMatchObject({
      name: 'ServerError',
      code: 'authorization_error',
      error: 'access_denied',
      errorDescription: 'no',
      errorUri: 'https://server.example/why',
      hint: expect.any(String) as string,
      retryable: false,
    })
  })

  it.each(['login_required', 'interaction_required', 'consent_required', 'account_selection_required'])(
    'says that %s needs a page',
    async (error) => {
      const { callback } = await prepareSignIn({ response: { code: undefined, error } })
      expect(await failure(callback())).toMatchObject({ name: 'InteractionError', code: 'interaction_required', error })
    },
  )

  it('marks what passes as retryable', async () => {
    const { callback } = await prepareSignIn({ response: { code: undefined, error: 'temporarily_unavailable' } })
    expect(await failure(callback())).toMatchObject({ code: 'authorization_error', retryable: true })
  })

  it('is not confused by an error named like a member of every object', async () => {
    const { callback } = await prepareSignIn({ response: { code: undefined, error: 'constructor' } })
    expect(await failure(callback())).toMatchObject({
      error: 'constructor',
      hint: expect.stringContaining('documentation') as string,
    })
  })

  it.each(['code', 'state', 'iss'])('is refused with "%s" twice (RFC 6749 §3.1)', async (name) => {
    const { context, expectation } = await prepareSignIn()
    const url = new URL(`https://app.example/?code=c&state=state-1&iss=${encodeURIComponent(issuer)}&${name}=again`)
    expect(await failure(processAuthorizationResponse(context, url, expectation))).toMatchObject({
      code: 'invalid_response',
    })
  })

  // "+" and "%XX" are decoded.
  it('is read from the fragment if that was requested', async () => {
    //
    const { server, context, expectation } = await prepareSignIn({ options: { responseMode: 'fragment' } })
    const url = new URL(`https://app.example/#code=a%2Bb+c&state=state-1&iss=${encodeURIComponent(issuer)}`)
    await expect(processAuthorizationResponse(context, url, expectation)).resolves.toBeDefined()
    expect(server.bodies[0]?.get('code')).toBe('a+b c')
  })

  it('is read from the query when the server could not make sense of the request', async () => {
    const { context, expectation } = await prepareSignIn({ options: { responseMode: 'fragment' } })
    const url = new URL(`https://app.example/?error=invalid_request&state=state-1&iss=${encodeURIComponent(issuer)}`)
    expect(await failure(processAuthorizationResponse(context, url, expectation))).toMatchObject({
      error: 'invalid_request',
    })
  })

  it('leaves neither code nor verifier in an error', async () => {
    const { expectation, callback } = await prepareSignIn({
      response: { code: 'a-code-that-is-secret' },
      faults: {
        respond: (request) =>
          request.url.endsWith('/token')
            ? Response.json({ error: 'invalid_grant', error_description: 'code a-code-that-is-secret is used' }, { status: 400 })
            : undefined,
      },
    })
    const shown = everythingIn(await failure(callback()))
    expect(shown).toContain('is used')
    expect(shown).not.toContain('a-code-that-is-secret')
    expect(shown).not.toContain(expectation.codeVerifier)
  })
})

describe('an unreachable server', () => {
  it('is reported as a network error that may pass', async () => {
    const context = createContext({ fetch: () => Promise.reject(new TypeError('fetch failed')) })
    expect(await failure(loadServer(context, { keys: true }))).toMatchObject({
      name: 'NetworkError',
      code: 'network',
      retryable: true,
      message: expect.stringMatching(/could not be reached\..* Check the address, network/s),
      hint: expect.stringContaining('Check the address, network'),
    })
  })
})
