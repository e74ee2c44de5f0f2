// Invalid token responses.
import type { ErrorCode } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { expectRefused, expectSignedIn } from './relying-party.js'
import { without, type Faults } from './test-provider.js'

type TokenFault = NonNullable<Faults['token']>

const REFUSED: ReadonlyArray<readonly [what: string, token: TokenFault, code: ErrorCode]> = [
  ['HTML instead of JSON', () => html(), 'invalid_response'],
  ['truncated JSON', () => json('{"access_token":"access-1","token_ty'), 'invalid_response'],
  ['an empty body', () => json(''), 'invalid_response'],
  ['JSON that is not an object', () => json('["access-1"]'), 'invalid_response'],
  ['null', () => json('null'), 'invalid_response'],
  ['a body of five megabytes', (body) => ({ ...body, padding: 'x'.repeat(5_000_000) }), 'invalid_response'],
  ['no access token', (body) => without(body, 'access_token'), 'missing_token'],
  ['an access token that is not a string', (body) => ({ ...body, access_token: { value: 'access-1' } }), 'invalid_response'],
  ['no token type', (body) => without(body, 'token_type'), 'missing_token_type'],
  ['an unknown token type', (body) => ({ ...body, token_type: 'mac' }), 'unsupported_token_type'],
  ['no ID token', (body) => without(body, 'id_token'), 'invalid_id_token'],
  ['an ID token that is not a JWT', (body) => ({ ...body, id_token: 'not.a-jwt' }), 'invalid_id_token'],
  ['"invalid_grant"', () => failure(400, 'invalid_grant'), 'invalid_grant'],
  ['"invalid_client"', () => failure(401, 'invalid_client'), 'token_error'],
  ['an error with status 200', () => failure(200, 'invalid_grant'), 'invalid_grant'],
  ['status 429', () => new Response(null, { status: 429, headers: { 'retry-after': '7' } }), 'rate_limited'],
  ['status 500', () => new Response(null, { status: 500 }), 'server_error'],
  ['status 503', () => html(503), 'server_error'],
  ['status 404', () => html(404), 'invalid_response'],
  // RFC 6749 section 5.1 requires application/json. A compliance hook can fix it for a server that does not send it.
  [
    'JSON under another content type',
    (body) => new Response(JSON.stringify(body), { headers: { 'content-type': 'text/plain' } }),
    'invalid_response',
  ],
]

const TOLERATED: ReadonlyArray<readonly [what: string, token: TokenFault, lifetime: number | undefined]> = [
  ['a token type in another case', (body) => ({ ...body, token_type: 'bEARER' }), 3600],
  ['"expires_in" as text', (body) => ({ ...body, expires_in: '1800' }), 1800],
  ['no "expires_in"', (body) => without(body, 'expires_in'), undefined],
  ['a negative "expires_in"', (body) => ({ ...body, expires_in: -5 }), undefined],
  ['an "expires_in" that is not a number', (body) => ({ ...body, expires_in: 'soon' }), undefined],
  ['a huge "expires_in"', (body) => ({ ...body, expires_in: 1e15 }), 3_155_760_000],
  ['unknown members', (body) => ({ ...body, __proto__: 'x', constructor: 'x', toString: 1 }), 3600],
]

describe('malformed token response', () => {
  it.each(REFUSED)('with %s is rejected', async (_what, token, code) => {
    //
    await expectRefused({ faults: { token } }, code)
  })

  it.each(TOLERATED)('with %s is tolerated', async (_what, token, lifetime) => {
    //
    const { tokenSet } = await expectSignedIn({ faults: { token } })
    expect(tokenSet.expiresAt === undefined ? undefined : tokenSet.expiresAt - tokenSet.receivedAt).toBe(lifetime)
  })

  it('with status 429 reports a retryable error and when to retry', async () => {
    //
    const token = (): Response => new Response(null, { status: 429, headers: { 'retry-after': '7' } })
    const error = await expectRefused({ faults: { token } }, 'rate_limited')
    expect(error).toMatchObject({ retryable: true, retryAfterSeconds: 7 })
  })
})

function json(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}

function html(status = 200): Response {
  return new Response('<!doctype html><title>Maintenance</title>', { status, headers: { 'content-type': 'text/html' } })
}

function failure(status: number, error: string): Response {
  return Response.json({ error, error_description: 'The provider refuses.' }, { status })
}
