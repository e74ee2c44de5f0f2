import { rar } from '../features/rar/rar.js'
import { registration } from '../features/registration/registration.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APPROVE, cibaServer, openApprovals, requestsOn } from '../features/ciba/ciba.fixture.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { ciba } from '../features/ciba/ciba.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { device } from '../features/device/device.js'
import { hybrid } from '../token/grants/hybrid.js'
import { implicit } from '../token/grants/implicit.js'
import { jwtBearer } from '../token/grants/jwt-bearer.js'
import { password } from '../token/grants/password.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { tokenExchange } from '../token/grants/token-exchange.js'
import { clientKeys, sign, signingClient } from '../features/jar/request-object.fixture.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { asPage } from './test-browser.fixture.js'
import { CHALLENGE, CONFIDENTIAL, ISSUER, SPA, testClock, testServer, VERIFIER } from './test-server.fixture.js'

/** `npm run more:fuzz` sends more; FUZZ_RUNS sets the number. The requests in `fuzz/` get further for each of them. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? (import.meta.env.MODE === 'all' ? 50_000 : 2000))
/** The gate sends the same requests in every run, `npm run more:fuzz` sends others each time. FUZZ_SEED repeats a run. */
const SEED = Number(
  process.env['FUZZ_SEED'] ?? (import.meta.env.MODE === 'all' ? crypto.getRandomValues(new Uint32Array(1))[0] : 1),
)

const PATHS = [
  ...[
    '/authorize',
    '/token',
    '/par',
    '/device_authorization',
    '/device',
    '/userinfo',
    '/revoke',
    '/introspect',
    '/register',
    '/register/x',
    '/backchannel_authentication',
    '/approve',
  ],
  ...['/end-session', '/jwks', '/.well-known/openid-configuration', '/nothing', '/%', '//'],
]

/** Names of parameters, known and unknown. */
const NAMES = [
  ...[
    'client_id',
    'client_secret',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'prompt',
    'max_age',
  ],
  ...[
    'code_challenge',
    'code_challenge_method',
    'code',
    'code_verifier',
    'grant_type',
    'refresh_token',
    'username',
    'password',
    'assertion',
  ],
  ...[
    'client_assertion',
    'client_assertion_type',
    'subject_token',
    'subject_token_type',
    'device_code',
    'user_code',
    'token',
    'claims',
  ],
  ...[
    'request_uri',
    'request',
    'resource',
    'id_token_hint',
    'post_logout_redirect_uri',
    'csrf',
    'action',
    'dpop_jkt',
    'login_hint',
    'login_hint_token',
    'binding_message',
    'requested_expiry',
    'acr_values',
    'auth_req_id',
    'decision',
    'authorization_details',
    'registration',
    '__proto__',
    'constructor',
    '',
  ],
]

/** Values that have a meaning at some endpoint. */
const VALUES = [
  ...[
    'spa',
    'web',
    CONFIDENTIAL.clientSecret ?? '',
    SPA.redirectUris[0] ?? '',
    'code',
    'token',
    'id_token token',
    'code id_token',
    'openid',
    'none',
  ],
  ...[
    'S256',
    'plain',
    CHALLENGE,
    VERIFIER,
    'authorization_code',
    'refresh_token',
    'password',
    'client_credentials',
    'query',
    'form_post',
    'jwt',
  ],
  ...[
    'urn:ietf:params:oauth:grant-type:device_code',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:openid:params:grant-type:ciba',
    'alice',
  ],
  ...[
    'urn:ietf:params:oauth:token-type:access_token',
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    'eyJhbGciOiJub25lIn0.e30.',
    'a.b.c',
  ],
  ...[
    '{"id_token":{"acr":{"essential":true,"values":[1]}}}',
    '{"userinfo":null}',
    '[{"type":"payment_initiation","actions":["initiate"]}]',
    '[{"type":"account_information","locations":["https://a.example/"],"x":{"y":[{}]}}]',
    '[{"type":"__proto__"}]',
    'https://app.example/requests/1',
    'https://app.example/requests/1#x',
    'urn:ietf:params:oauth:request_uri:x',
    '[]',
    'login consent',
    '-1',
    '1e9',
    '\u0000',
    '\uD800',
    '<script>',
  ],
]

const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)
const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) })
const parameters = fc.array(fc.tuple(name, word), { maxLength: 12 })
const headerText = fc.stringMatching(/^[ -~]{0,60}$/)

const fuzzed = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'),
  path: fc.constantFrom(...PATHS),
  // Half of all requests have a registered client, so that they pass the first rule.
  base: fc.constantFrom<readonly (readonly [string, string])[]>(
    [],
    [
      ['client_id', 'web'],
      ['client_secret', CONFIDENTIAL.clientSecret ?? ''],
    ],
    [
      ['client_id', 'web'],
      ['client_secret', CONFIDENTIAL.clientSecret ?? ''],
      ['scope', 'openid'],
      ['login_hint', 'alice'],
    ],
    [
      ['client_id', 'spa'],
      ['response_type', 'code'],
      ['scope', 'openid'],
      ['code_challenge', CHALLENGE],
      ['code_challenge_method', 'S256'],
    ],
    [
      ['client_id', 'spa'],
      ['request_uri', 'https://app.example/requests/1'],
    ],
  ),
  // Claims of a request object that is signed by the right key, with any content.
  signed: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    fc.dictionary(
      fc.oneof({ weight: 4, arbitrary: name }, fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'sub', 'jti')),
      fc.oneof({ weight: 3, arbitrary: word }, fc.jsonValue()),
      { maxKeys: 6 },
    ),
  ),
  query: parameters,
  body: parameters,
  raw: fc.option(fc.uint8Array({ maxLength: 80 }), { freq: 9 }),
  type: fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain',
  ),
  authorization: fc.option(
    fc.oneof(headerText, fc.constantFrom('Basic d2ViOng=', 'Basic Og==', 'Bearer x', 'DPoP x', 'Basic', 'Bearer')),
    { freq: 3 },
  ),
  cookie: fc.option(headerText, { freq: 5 }),
  dpop: fc.option(headerText, { freq: 9 }),
})

const WEB = [
  ['client_id', 'web'],
  ['client_secret', CONFIDENTIAL.clientSecret ?? ''],
] as const
const PLAIN = {
  ...{ base: [], signed: null, query: [], body: [], raw: null, authorization: null, cookie: null, dpop: null },
  type: 'application/x-www-form-urlencoded' as const,
}
/** A tenth of all requests: however the rest turns out, the server has granted, redirected and refused. */
const PLAIN_REQUESTS = {
  200: { ...PLAIN, method: 'POST', path: '/token', base: [...WEB, ['grant_type', 'client_credentials']] },
  302: {
    ...{ ...PLAIN, method: 'GET', path: '/authorize' },
    base: [
      ['client_id', 'web'],
      ['redirect_uri', CONFIDENTIAL.redirectUris[0] ?? ''],
      ...([
        ['response_type', 'code'],
        ['code_challenge', CHALLENGE],
        ['code_challenge_method', 'S256'],
        ['prompt', 'none'],
      ] as const),
    ],
  },
  400: { ...PLAIN, method: 'POST', path: '/token', base: [...WEB, ['grant_type', 'x']] },
  401: { ...PLAIN, method: 'GET', path: '/userinfo', authorization: 'Bearer x' },
} as const satisfies Readonly<Record<number, Fuzzed>>
const requests = fc.oneof(
  { weight: 9, arbitrary: fuzzed },
  { weight: 1, arbitrary: fc.constantFrom<Fuzzed>(...Object.values(PLAIN_REQUESTS)) },
)

type Fuzzed = typeof fuzzed extends fc.Arbitrary<infer Value> ? Value : never

const keys = await clientKeys()
const clock = testClock()

/** A request object that is valid except for the claims of the fuzzer. */
function asObject(claims: Readonly<Record<string, unknown>>): Promise<string> {
  return sign(claims, { key: keys.privateKey, clock })
}

async function asRequest({ signed, base: given, ...others }: Fuzzed): Promise<Request> {
  const { method, path, query, body, raw, type, authorization, cookie, dpop } = others
  const object: readonly (readonly [string, string])[] = signed ? [['request', await asObject(signed)]] : []
  const base = [...given, ...object]
  const search = (pairs: readonly (readonly [string, string])[]): URLSearchParams =>
    new URLSearchParams(pairs.map(([key, value]) => [key, value]))
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const url = `${ISSUER}${path}?${search(hasBody ? query : [...base, ...query]).toString()}`
  const headers = {
    'content-type': type,
    ...(authorization === null ? {} : { authorization }),
    ...(cookie === null ? {} : { cookie }),
    ...(dpop === null ? {} : { dpop }),
  }
  const content: BodyInit = raw === null ? search([...base, ...body]).toString() : new Uint8Array(raw)
  return new Request(url, { method, headers, ...(hasBody ? { body: content } : {}) })
}

describe('every endpoint', () => {
  it(`responds to ${RUNS} random requests without a server error (FUZZ_SEED=${SEED})`, async () => {
    const faults: unknown[] = []
    const rejected = (error: unknown): void => void faults.push(error)
    process.on('unhandledRejection', rejected)
    const grants = [
      authorizationCode(),
      hybrid(),
      implicit(),
      refreshToken(),
      password(),
      clientCredentials(),
      tokenExchange(),
      jwtBearer({ trustedIssuers: [] }),
    ]
    const clients = clientStore(memoryStore())
    const signing = signingClient(keys, { requestUris: ['https://app.example/requests/1'] })
    await Promise.all([signing, CONFIDENTIAL].map((client) => clients.saveClient(client)))
    const fetched = { status: 200, headers: { 'content-type': 'application/oauth-authz-req+jwt' } }
    let claims: Readonly<Record<string, unknown>> = {}
    const { server } = await testServer(
      {
        clients,
        grants,
        features: [
          device(),
          ciba({ checkUserCode: ({ userCode }) => userCode !== 'query', readLoginHintToken: (token) => token }),
          registration(),
          rar({ types: { payment_initiation: { check: () => undefined }, account_information: { check: () => undefined } } }),
        ],
        uniqueTokens: true,
        hooks: { onError: rejected },
        fetch: async () => new Response(await asObject(claims), fetched),
      },
      clock,
    )
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        claims = request.signed ?? {}
        const response = await server.fetch(await asRequest(request))
        const text = await response.text()
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
        expect(response.status).toBeLessThan(500)
        expect(text).not.toMatch(/<script>|\bat .*\.ts:/)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    process.off('unhandledRejection', rejected)
    expect(faults).toEqual([])
    // The fuzzer gets through to grants and redirects, not only to the first rule.
    for (const status of Object.keys(PLAIN_REQUESTS))
      expect(statuses.get(Number(status)) ?? 0, status).toBeGreaterThan(RUNS / 1000)
  }, 600_000)

  it(`accepts ${RUNS / 20} random messages for a user, or refuses them, and shows them as text (FUZZ_SEED=${SEED})`, async () => {
    const faults: unknown[] = []
    const { server, ask } = await cibaServer({}, { hooks: { onError: (error) => faults.push(error) } })
    const { browser } = await openApprovals(server)
    const markup = fc.constantFrom('<b>', '</bdi>', '&lt;', '"', "'", '`', '${x}', '\u202E', '\n', 'ä', '漢', '👩‍💻')
    const text = fc.array(fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 12 })
    const statuses = new Set<number>()
    const cibaRequests = fc.record({
      message: text,
      expiry: fc.oneof(fc.constant(''), word),
      acr: word,
      loginHint: fc.oneof(fc.constant('alice'), word),
    })
    // Whatever is random, one request is accepted and one is refused.
    const plain = { message: ['Pay 5'], expiry: '', acr: 'x', loginHint: 'alice' }
    const examples: [typeof plain][] = [[plain], [{ ...plain, loginHint: 'x' }]]
    await fc.assert(
      fc.asyncProperty(cibaRequests, async ({ message, expiry, acr, loginHint }) => {
        const params = { binding_message: message.join(''), requested_expiry: expiry, acr_values: acr, login_hint: loginHint }
        const { status } = await ask(params)
        // Denied requests keep their places after the third, so a user with many gets no more.
        expect([200, 400, 429]).toContain(status)
        statuses.add(status)
        const page = await asPage(await browser.get(APPROVE), APPROVE)
        expect(page.response.status).toBe(200)
        expect(page.text).not.toContain('<b>')
        const [request] = requestsOn(page)
        if (request !== undefined) await browser.submit(page, { request, decision: 'deny' })
      }),
      { numRuns: RUNS / 20, seed: SEED, examples },
    )
    expect(faults).toEqual([])
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400]))
  }, 600_000)
})
