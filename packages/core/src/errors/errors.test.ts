import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClientBench, instantTransport, type Answer, type ClientBench } from '../client/client.fixture.js'
import { OAuthClientError } from './errors.js'
import type { Faults } from '../protocol/test-server.fixture.js'
import type { Navigation } from '../sign-in/transports/transport.js'

const CODE = 'the-code-that-was-sent'
const SECRETS = ['access-token-1', 'refresh-token-2', 'eyJ', CODE]

interface Case {
  readonly faults?: Faults
  readonly answer?: Answer['answer']
  readonly act?: (bench: ClientBench) => Promise<unknown>
  readonly code: string
}

const at = (path: string, answer: () => Response): Faults => ({
  respond: (request) => (request.url.endsWith(path) ? answer() : undefined),
})
const echo = { error: 'invalid_grant', error_description: `code ${CODE} is used up` }

const cases: Readonly<Record<string, Case>> = {
  'metadata that cannot be had': {
    faults: at('/openid-configuration', () => new Response('', { status: 404 })),
    code: 'invalid_metadata',
  },
  'metadata of another issuer': { faults: { metadata: { issuer: 'https://evil.example' } }, code: 'issuer_mismatch' },
  'an answer of access_denied': { answer: { error: 'access_denied', code: undefined }, code: 'authorization_error' },
  'an answer of login_required': { answer: { error: 'login_required', code: undefined }, code: 'interaction_required' },
  'an answer of another issuer': { answer: { iss: 'https://evil.example' }, code: 'issuer_mismatch' },
  'an answer with a wrong state': { answer: { state: 'lk.a.x.1' }, code: 'mismatching_state' },
  'an answer without a code': { answer: { code: undefined }, code: 'missing_code' },
  'a refused code, echoed by the server': {
    answer: { code: CODE },
    faults: at('/token', () => Response.json(echo, { status: 400 })),
    code: 'invalid_grant',
  },
  'HTML from the token endpoint': {
    faults: at('/token', () => new Response('<p>access-token-1', { headers: { 'content-type': 'text/html' } })),
    code: 'invalid_response',
  },
  'a token response without token_type': { faults: { token: { token_type: undefined } }, code: 'missing_token_type' },
  'a token response of another type': { faults: { token: { token_type: 'mac' } }, code: 'unsupported_token_type' },
  'a token response without a token': { faults: { token: { access_token: undefined } }, code: 'missing_token' },
  'an expired ID token': { faults: { claims: { iat: 1000, exp: 2000 } }, code: 'invalid_id_token' },
  'an ID token for another client': { faults: { claims: { aud: 'other' } }, code: 'invalid_id_token' },
  'a broken signature': { faults: { mangleIdToken: (token) => `${token.slice(0, -6)}AAAAAA` }, code: 'invalid_id_token' },
  'no ID token': { faults: { token: { id_token: undefined } }, code: 'invalid_id_token' },
  'an empty key set': { faults: { keys: [] }, code: 'invalid_jwks' },
  'a server that fails': { faults: at('/token', () => new Response('access-token-1', { status: 503 })), code: 'server_error' },
  'a return address elsewhere': { act: ({ client }) => client.login({ returnTo: '//evil.example' }), code: 'invalid_return_to' },
  'a URL that is no resource': {
    act: async ({ client }) => {
      await client.login()
      return client.fetch('https://evil.example/')
    },
    code: 'resource_not_allowed',
  },
  'an error that is not ours': {
    act: async ({ client, server }) => {
      const transport = instantTransport(server)
      const prepare = (): Navigation => ({ ...transport.prepare(), navigate: () => Promise.reject(new TypeError('boom')) })
      return client.login({ transport: { ...transport, prepare } })
    },
    code: 'unexpected',
  },
  'a sign-in given up before it left': {
    act: ({ client }) => client.login({ signal: AbortSignal.abort() }),
    code: 'aborted',
  },
  'a wait for a token that is given up': {
    act: async ({ client }) => {
      await client.login()
      return client.getAccessToken({ forceRefresh: true, signal: AbortSignal.abort() })
    },
    code: 'aborted',
  },
  'a refresh that is given up while it runs': {
    act: async ({ client, server }) => {
      await client.login()
      const controller = new AbortController()
      server.faults = { respond: () => never(() => controller.abort()) }
      return client.refresh({ signal: controller.signal })
    },
    code: 'aborted',
  },
  'no user signed in': { act: ({ client }) => client.getAccessToken(), code: 'missing_token' },
}

/** A response that does not arrive during the test, to a request that has. Node 24 has locks: later tests would wait for its refresh. */
function never(onRequest: () => void): Promise<never> {
  onRequest()
  return new Promise((_, reject) => onTestFinished(() => reject(new TypeError('the test has ended'))))
}

describe('invariant 12: errors explain themselves', () => {
  it.each(Object.entries(cases))('%s: typed, with a hint, and without a secret', async (_name, { faults, answer, act, code }) => {
    const bench = await createClientBench({}, answer ? { answer } : undefined)
    bench.server.faults = faults ?? {}
    const error: unknown = await (act ? act(bench) : bench.client.login()).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(OAuthClientError)
    const typed = error as OAuthClientError
    expect(typed.code).toBe(code)
    expect(typed.hint ?? '').not.toBe('')
    expect(typed.message).not.toBe('')
    expect(typed.name).toMatch(/^(Configuration|Network|Server|Validation|Interaction|Session|Environment)Error$/)
    // Everything that a console or an error reporter would show, hidden members and the whole chain of causes included.
    const shown = inspect(typed, { depth: Infinity, showHidden: true }) + JSON.stringify(typed)
    for (const secret of SECRETS) expect(shown).not.toContain(secret)
  })

  it('leave an aborted fetch to fetch: it rejects with the reason of the signal while it waits for a token', async () => {
    const { client, server, advance } = await createClientBench()
    await client.login()
    const reason = new Error('enough')
    advance(400_000)
    const controller = new AbortController()
    server.faults = { respond: () => never(() => controller.abort(reason)) }
    await expect(client.fetch('https://api.example/', { signal: controller.signal })).rejects.toBe(reason)
  })

  it('keeps the server’s own words', async () => {
    const { client } = await createClientBench(
      {},
      { answer: { error: 'access_denied', error_description: 'not today', code: undefined } },
    )
    await expect(client.login()).rejects.toMatchObject({ error: 'access_denied', errorDescription: 'not today' })
  })
})
