import { describe, expect, it } from 'vitest'
import { type Arrival, type Attempt, everythingIn, failure, prepareSignIn, signIn } from './sign-in.fixture.js'

/** A callback whose token response comes from the test. */
function withTokenResponse(
  tokenEndpoint: (request: Request) => Response | Promise<Response>,
  attempt: Attempt = {},
): Promise<Arrival> {
  const respond = (request: Request): Response | Promise<Response> | undefined =>
    new URL(request.url).pathname === '/token' ? tokenEndpoint(request) : undefined
  return prepareSignIn({ options: { scope: 'read', ...attempt.options }, faults: { respond } })
}

const bearer = { access_token: 'access-token-1', token_type: 'Bearer' }

describe('the token request', () => {
  // A public client, by POST alone
  it('sends code, verifier and redirect URI as a form, and no scope', async () => {
    //
    let sent: Request | undefined
    const { server, expectation, callback } = await withTokenResponse((request) => {
      sent = request
      return Response.json(bearer)
    })
    await callback()
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'code-1',
      code_verifier: expectation.codeVerifier,
      redirect_uri: 'https://app.example/',
      client_id: 'client-1',
    })
    expect(sent?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    expect(sent?.headers.get('accept')).toBe('application/json')
  })

  it('sends no cookies and follows no redirect, whatever a hook makes of it (invariant 5)', async () => {
    let sent: Request | undefined
    const { callback } = await withTokenResponse(
      (request) => {
        sent = request
        return Response.json(bearer)
      },
      { options: { compliance: { tokenRequest: (request) => new Request(request.url, { method: 'POST', body: 'a=b' }) } } },
    )
    await callback()
    expect(sent).toMatchObject({ credentials: 'omit', redirect: 'manual', referrerPolicy: 'no-referrer' })
  })

  it('refuses a redirect', async () => {
    const { callback } = await withTokenResponse(
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
    )
    expect(await failure(callback())).toMatchObject({ code: 'invalid_response', status: 307 })
  })

  it("calls the app's hooks", async () => {
    //
    const compliance = {
      tokenRequest: (request: Request) => new Request(`${request.url}?site=stackoverflow`, request),
      tokenResponse: async (response: Response) => {
        const form = new URLSearchParams(await response.text())
        return Response.json({ ...Object.fromEntries(form), token_type: 'bearer', expires_in: form.get('expires') })
      },
    }
    const { callback } = await withTokenResponse(
      (request) => new Response(`access_token=${new URL(request.url).searchParams.get('site')}&expires=60`),
      { options: { compliance } },
    )
    const tokenSet = await callback()
    expect(tokenSet).toMatchObject({ accessToken: 'stackoverflow', tokenType: 'bearer' })
    expect(tokenSet.expiresAt).toBe(tokenSet.receivedAt + 60)
  })

  it('gives the hook each response as it came, unread, and waits for what it makes of it', async () => {
    // Hooks are options and cannot be unregistered: a client keeps its hooks until it is closed.
    const seen: unknown[] = []
    const compliance = {
      tokenResponse: async (response: Response) => {
        seen.push([response.status, response.headers.get('x-odd'), response.bodyUsed])
        await Promise.resolve()
        return Response.json({ ...bearer, access_token: (await response.text()).trim() })
      },
    }
    const { callback } = await withTokenResponse(
      () => new Response(' bare-token \n', { status: 203, headers: { 'x-odd': '1', 'content-type': 'text/html' } }),
      { options: { compliance } },
    )
    await expect(callback()).resolves.toMatchObject({ accessToken: 'bare-token' })
    expect(seen).toEqual([[203, '1', false]])
  })

  // A custom function replaces a registered name
  it('is given to a function as client authentication, finished', async () => {
    // covers, B-024
    const clientAuth = async (request: Request): Promise<Request> => {
      const url = new URL(request.url)
      url.search = `${await request.text()}&client_id=client-1&client_secret=s3cret`
      return new Request(url, { method: 'POST' })
    }
    let sent: Request | undefined
    const { callback } = await withTokenResponse(
      (request) => {
        sent = request
        return Response.json(bearer)
      },
      { options: { clientAuth } },
    )
    await callback()
    const query = new URL(sent?.url ?? '').searchParams
    expect([query.get('client_secret'), query.get('code')]).toEqual(['s3cret', 'code-1'])
    expect(await sent?.text()).toBe('')
  })
})

describe('the token response', () => {
  it('is kept whole beside the token set', async () => {
    //
    const { tokenSet } = await signIn({ faults: { token: { extra: { deep: 1 } } } })
    expect(tokenSet.response).toMatchObject({ access_token: 'access-token-1', extra: { deep: 1 } })
    expect(tokenSet.scope).toBe('openid profile')
  })

  it('grants the requested scope if it names none (RFC 6749 §5.1)', async () => {
    const { callback } = await withTokenResponse(() => Response.json(bearer))
    expect((await callback()).scope).toBe('read')
  })

  it.each([
    [{ expires_in: 300 }, 300],
    [{ expires_in: '300' }, 300],
    [{ expires_in: 300.9 }, 300],
    [{ expires_in: 1e300 }, 3_155_760_000],
    [{ expires_in: '' }, undefined],
    [{ expires_in: -5 }, undefined],
    [{ expires_in: 'soon' }, undefined],
    [{ expires_in: 0 }, undefined],
    [{ expires_in: null }, undefined],
    [{ expires_in: [300] }, undefined],
    [{ expires_at: 'tomorrow', expires_in: 300 }, 300],
    [{ expires_at: 'tomorrow' }, undefined],
    [{}, undefined],
  ])('with %j expires after %s s', async (members, seconds) => {
    //
    const { callback } = await withTokenResponse(() => Response.json({ ...bearer, ...members }))
    const { expiresAt, receivedAt } = await callback()
    expect(expiresAt).toBe(seconds === undefined ? undefined : receivedAt + seconds)
  })

  it.each([4_000_000_000, '4000000000'])('expires at its "expires_at" %j', async (expiresAt) => {
    //
    const { callback } = await withTokenResponse(() => Response.json({ ...bearer, expires_at: expiresAt, expires_in: 1 }))
    expect((await callback()).expiresAt).toBe(4_000_000_000)
  })

  it.each([
    [{ token_type: 'Bearer' }, 'missing_token'],
    [{ access_token: '', token_type: 'Bearer' }, 'missing_token'],
    [{ access_token: 'a' }, 'missing_token_type'],
    [{ access_token: 'a', token_type: null }, 'missing_token_type'],
    [{ access_token: 'a', token_type: 'mac' }, 'unsupported_token_type'],
    [{ access_token: 5, token_type: 'Bearer' }, 'invalid_response'],
    [{ ...bearer, refresh_token: 5 }, 'invalid_response'],
    [{ ...bearer, scope: ['a'] }, 'invalid_response'],
    [{ ...bearer, id_token: {} }, 'invalid_response'],
  ])('%j is refused as %s', async (body, code) => {
    //
    const { callback } = await withTokenResponse(() => Response.json(body))
    expect(await failure(callback())).toMatchObject({ code })
  })

  it.each(['bearer', 'Bearer', 'BEARER'])('may call its type "%s"', async (tokenType) => {
    //
    const { callback } = await withTokenResponse(() => Response.json({ ...bearer, token_type: tokenType }))
    expect((await callback()).tokenType).toBe(tokenType)
  })

  it('treats null as absent', async () => {
    const { callback } = await withTokenResponse(() =>
      Response.json({ ...bearer, refresh_token: null, id_token: null, scope: null }),
    )
    expect((await callback()).refreshToken).toBeUndefined()
  })

  // Slack
  it('may be corrected by a hook if the server omits "token_type"', async () => {
    //
    const tokenResponse = async (response: Response): Promise<Response> =>
      Response.json({ token_type: 'Bearer', ...((await response.json()) as object) })
    const { callback } = await withTokenResponse(() => Response.json({ access_token: 'a' }), {
      options: { compliance: { tokenResponse } },
    })
    expect(await callback()).toMatchObject({ accessToken: 'a', tokenType: 'Bearer' })
  })
})

describe('a failed token request', () => {
  it("contains the server's own error", async () => {
    //
    const body = { error: 'invalid_client', error_description: 'unknown client', error_uri: 'https://server.example/help' }
    const { callback } = await withTokenResponse(() => Response.json(body, { status: 401 }))
    const error = await failure(callback())
    expect(error).toMatchObject({
      name: 'ServerError',
      code: 'token_error',
      error: 'invalid_client',
      errorDescription: 'unknown client',
      errorUri: 'https://server.example/help',
      status: 401,
      retryable: false,
    })
    expect(error.message).toContain('"invalid_client"')
  })

  it('has a code of its own when the grant is used up', async () => {
    const { callback } = await withTokenResponse(() => Response.json({ error: 'invalid_grant' }, { status: 400 }))
    expect(await failure(callback())).toMatchObject({ name: 'ServerError', code: 'invalid_grant' })
  })

  it('treats "error" with status 200 as an error', async () => {
    const { callback } = await withTokenResponse(() => Response.json({ error: 'bad_verification_code' }))
    expect(await failure(callback())).toMatchObject({ code: 'token_error', error: 'bad_verification_code' })
  })

  it.each([500, 502, 503, 504])('with status %i says that it may pass', async (status) => {
    // The error has the status and the time to wait, not the `Response`: its body may contain tokens (invariant 12).
    const headers = { 'retry-after': '7' }
    const { callback } = await withTokenResponse(() => new Response('<h1>down</h1>', { status, headers }))
    expect(await failure(callback())).toMatchObject({
      name: 'NetworkError',
      code: 'server_error',
      status,
      retryable: true,
      retryAfterSeconds: 7,
    })
  })

  it('with status 500 is not parsed: a complete token response in its body gives no tokens', async () => {
    //
    const parsed: string[] = []
    const compliance = { tokenResponse: (response: Response) => (parsed.push('hook'), response) }
    const { callback } = await withTokenResponse(() => Response.json({ ...bearer, refresh_token: 'r' }, { status: 500 }), {
      options: { compliance },
    })
    expect(await failure(callback())).toMatchObject({ name: 'NetworkError', code: 'server_error', status: 500, retryable: true })
    expect(parsed).toEqual(['hook'])
  })

  it('with status 500 stays retryable even where the body says "invalid_grant" (invariant 3)', async () => {
    const { callback } = await withTokenResponse(() => Response.json({ error: 'invalid_grant' }, { status: 500 }))
    expect(await failure(callback())).toMatchObject({ code: 'server_error', error: 'invalid_grant', retryable: true })
  })

  it('with status 429 is "rate_limited", with the time to wait from a date', async () => {
    const headers = { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }
    const { callback } = await withTokenResponse(() => Response.json({ error: 'slow_down' }, { status: 429, headers }))
    const error = await failure(callback())
    expect(error).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(error.retryAfterSeconds).toBeGreaterThan(25)
  })

  it.each([
    ['a web page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
    ['a web page as error', () => new Response('<!doctype html>', { status: 404, headers: { 'content-type': 'text/html' } })],
    ['nothing', () => new Response(null, { status: 204 })],
    ['broken JSON', () => new Response('{"access_token": "secret-part', { headers: { 'content-type': 'application/json' } })],
    ['a JSON list', () => Response.json([bearer])],
    ['an error without words', () => Response.json({}, { status: 400 })],
  ])('with %s is "invalid_response"', async (_, respond) => {
    const { callback } = await withTokenResponse(respond)
    const error = await failure(callback())
    expect(error).toMatchObject({ name: 'ValidationError', code: 'invalid_response', hint: expect.any(String) as string })
    expect(error.message).toContain(String(error.status))
    expect(everythingIn(error)).not.toContain('secret-part')
  })

  it('names the content type that came in the place of JSON', async () => {
    const { callback } = await withTokenResponse(
      () => new Response('<p>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    )
    expect((await failure(callback())).message).toContain('text/html')
  })

  it('refuses a body of five megabytes without reading it all', async () => {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(65_536).fill(32))
        if (pulled === 80) controller.close()
      },
    })
    const { callback } = await withTokenResponse(() => new Response(body))
    expect(await failure(callback())).toMatchObject({ code: 'invalid_response' })
    expect(pulled).toBeLessThan(40)
  })

  it('that cannot be sent is a network error', async () => {
    const { callback } = await withTokenResponse(() =>
      Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })),
    )
    const error = await failure(callback())
    expect(error).toMatchObject({ code: 'network', retryable: true })
    expect(everythingIn(error)).toContain('ECONNREFUSED')
  })

  it('that breaks off in the middle is a network error', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) })
    const { callback } = await withTokenResponse(() => new Response(body))
    expect(await failure(callback())).toMatchObject({ code: 'network', retryable: true })
  })

  it('ends if headers or body take too long', async () => {
    //
    const never = (request: Request): Promise<Response> =>
      new Promise((_, reject) =>
        request.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      )
    const slow = await withTokenResponse(never, { options: { timeout: 0.02 } })
    expect(await failure(slow.callback())).toMatchObject({ code: 'timeout', retryable: true })
    const drip = (request: Request): Response =>
      new Response(
        new ReadableStream({
          start: (controller) => request.signal.addEventListener('abort', () => controller.error(new Error('aborted'))),
        }),
      )
    const dripping = await withTokenResponse(drip, { options: { timeout: 0.02 } })
    expect(await failure(dripping.callback())).toMatchObject({ code: 'timeout' })
  })

  it('becomes an error of this library even when a hook throws', async () => {
    const tokenRequest = (): never => {
      throw new RangeError('from the hook')
    }
    const { callback } = await withTokenResponse(() => Response.json(bearer), { options: { compliance: { tokenRequest } } })
    const error = await failure(callback())
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
    expect(error.message).toContain('from the hook')
  })
})
