// cspell:ignore Fehler Anwendung Ziel
import { generateKeyPair, exportJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { APP, at, type Broken, diagnoseBroken, ISSUER, redirectTo, REDIRECT_URI, refusalPage } from './doctor.fixture.js'
import type { FindingCode } from './finding-code.js'
import type { Severity } from './finding.js'
import { settingsFor } from './provider-settings.js'

const CORS = { 'access-control-allow-origin': '*' }
const json = (body: object, status = 200, headers: Record<string, string> = CORS): Response =>
  Response.json(body, { status, headers })
const isApp = ({ url }: Request): boolean => new URL(url).origin === APP

const ecKey = { ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)), kid: 'ec', alg: 'ES256' }
const privateKey = {
  ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)),
  kid: 'rsa',
  alg: 'RS256',
}

/** Which finding a broken set-up has, and a word that its texts must contain. */
const BROKEN: readonly (readonly [name: string, broken: Broken, code: FindingCode, severity: Severity, text: RegExp])[] = [
  [
    'a server that does not exist',
    { setup: { issuer: 'https://nowhere.example' } },
    'metadata_unreachable',
    'error',
    /ENOTFOUND/,
  ],
  [
    'a page instead of metadata',
    { respond: (request) => (isApp(request) ? undefined : refusalPage('app', 200)) },
    'metadata_unreachable',
    'error',
    /not a JSON object/,
  ],
  [
    'a realm that requires https, as Keycloak says it',
    {
      setup: { issuer: 'https://id.example.com/realms/shop' },
      respond: (request) =>
        isApp(request) ? undefined : json({ error: 'invalid_request', error_description: 'HTTPS required' }, 403),
    },
    'metadata_unreachable',
    'error',
    /status 403, application\/json\. It says "invalid_request": "HTTPS required"\./,
  ],
  [
    'a slash too many',
    { setup: { issuer: `${ISSUER}/` } },
    'issuer_mismatch',
    'error',
    /Set "issuer" to "https:\/\/id.example.com"/,
  ],
  [
    'the address of the metadata as issuer',
    { setup: { issuer: `${ISSUER}/.well-known/openid-configuration` } },
    'issuer_mismatch',
    'error',
    /Set "issuer" to "https:\/\/id.example.com"/,
  ],
  ['an issuer by http', { setup: { issuer: 'http://id.example.com' } }, 'insecure_issuer', 'error', /https/],
  [
    'metadata without a token endpoint',
    { metadata: { token_endpoint: undefined } },
    'metadata_invalid',
    'error',
    /token_endpoint/,
  ],
  [
    'metadata without CORS headers',
    { respond: at('/.well-known/openid-configuration', () => json({ issuer: ISSUER }, 200, {})) },
    'cors_metadata',
    'error',
    /Access-Control-Allow-Origin/,
  ],
  [
    'a token endpoint without CORS headers',
    { respond: at('/token', () => json({ error: 'invalid_grant' }, 400, {})) },
    'cors_token',
    'error',
    /status 400 has no header/,
  ],
  [
    'a token endpoint for another origin',
    {
      respond: at('/token', () =>
        json({ error: 'invalid_grant' }, 400, { 'access-control-allow-origin': 'https://other.example' }),
      ),
    },
    'cors_token',
    'error',
    /"https:\/\/other.example".*"https:\/\/app.example.com"/,
  ],
  [
    'a UserInfo endpoint that allows no Authorization header',
    {
      respond: (request) =>
        request.method === 'OPTIONS'
          ? new Response(null, { headers: { ...CORS, 'access-control-allow-headers': '*' } })
          : undefined,
    },
    'cors_userinfo',
    'warning',
    /header "Authorization"/,
  ],
  [
    'a key set without CORS headers',
    { respond: at('/jwks', () => json({ keys: [ecKey] }, 200, {})) },
    'cors_jwks',
    'error',
    /jwks/,
  ],
  [
    'a token endpoint that is a page',
    { respond: at('/token', () => refusalPage('Not found', 404)) },
    'endpoint_unreachable',
    'error',
    /status 404, text\/html/,
  ],
  [
    'a token endpoint that fails',
    { respond: at('/token', () => refusalPage('Internal Server Error', 500)) },
    'endpoint_unreachable',
    'warning',
    /status 500.*log of the server/,
  ],
  [
    'a token endpoint that refuses all requests for a time',
    { respond: at('/token', () => json({ error: 'slow_down' }, 429)) },
    'endpoint_unreachable',
    'warning',
    /status 429.*again later/,
  ],
  [
    'an authorization endpoint that does not exist',
    { respond: at('/authorize', () => refusalPage('Not Found', 404)) },
    'endpoint_unreachable',
    'error',
    /authorization endpoint.*status 404/,
  ],
  [
    'a token endpoint that redirects',
    { respond: at('/token', () => new Response(null, { status: 301, headers: { location: 'https://new.example/token' } })) },
    'endpoint_unreachable',
    'error',
    /redirect to https:\/\/new.example\/token.*follows no redirect/,
  ],
  [
    'endpoints on a host of an internal network',
    { metadata: { token_endpoint: 'http://keycloak:8080/token' } },
    'metadata_invalid',
    'error',
    /X-Forwarded-Host/,
  ],
  [
    'a CORS header of the server and of a proxy',
    { respond: at('/jwks', () => json({ keys: [ecKey] }, 200, { 'access-control-allow-origin': `${APP}, *` })) },
    'cors_jwks',
    'error',
    /more than once/,
  ],
  [
    'a certificate that is not trusted',
    {
      respond: (request) => {
        if (isApp(request)) return undefined
        throw new TypeError('fetch failed', { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
      },
    },
    'metadata_unreachable',
    'error',
    /certificate that browsers trust/,
  ],
  [
    'an unregistered redirect URI',
    { respond: at('/authorize', () => refusalPage('Invalid parameter: redirect_uri')) },
    'redirect_uri_not_registered',
    'error',
    /Register https:\/\/app.example.com\/callback/,
  ],
  [
    'an unknown client',
    { respond: at('/authorize', () => refusalPage('Client not found.')) },
    'client_unknown',
    'error',
    /"spa"/,
  ],
  [
    'a response type that is not allowed',
    { respond: at('/authorize', (request) => redirectTo(request, { error: 'unauthorized_client' })) },
    'response_type_not_allowed',
    'error',
    /authorization code grant/,
  ],
  [
    'a scope that is not allowed',
    { respond: at('/authorize', (request) => redirectTo(request, { error: 'invalid_scope' })) },
    'scope_not_allowed',
    'error',
    /offline_access/,
  ],
  [
    'another refusal',
    { respond: at('/authorize', (request) => redirectTo(request, { error: 'invalid_request', error_description: 'resource?' })) },
    'authorization_refused',
    'error',
    /resource\?/,
  ],
  [
    'a client that needs a secret',
    { respond: at('/token', () => json({ error: 'invalid_client' }, 401)) },
    'client_secret_required',
    'error',
    /public client/,
  ],
  [
    'a client of Keycloak that needs a secret',
    {
      respond: at('/token', () =>
        json({ error: 'unauthorized_client', error_description: 'Invalid client or Invalid client credentials' }, 401),
      ),
    },
    'client_secret_required',
    'error',
    /public client/,
  ],
  [
    'a client of Google that needs a secret',
    {
      respond: at('/token', () => json({ error: 'invalid_request', error_description: 'client_secret is missing.' }, 400)),
    },
    'client_secret_required',
    'error',
    /public client/,
  ],
  [
    'a grant that is not allowed',
    { respond: at('/token', () => json({ error: 'unauthorized_client' }, 400)) },
    'grant_not_allowed',
    'error',
    /authorization code grant/,
  ],
  ['a scope without offline_access', { setup: { scope: 'openid' } }, 'no_refresh_token', 'note', /Add "offline_access"/],
  [
    'a server without refresh tokens',
    { metadata: { grant_types_supported: ['authorization_code'] } },
    'no_refresh_token',
    'warning',
    /Enable refresh tokens/,
  ],
  [
    'a missing page at the redirect URI',
    { respond: (request) => (isApp(request) ? refusalPage('Not found', 404) : undefined) },
    'callback_unreachable',
    'error',
    /status 404/,
  ],
  [
    'a redirect that drops the query',
    {
      respond: (request) =>
        request.url.startsWith(`${REDIRECT_URI}?`)
          ? new Response(null, { status: 308, headers: { location: '/callback/' } })
          : undefined,
    },
    'callback_loses_response',
    'error',
    /https:\/\/app.example.com\/callback\//,
  ],
  [
    'a callback page that redirects to itself without the query',
    {
      respond: (request) =>
        request.url.startsWith(`${REDIRECT_URI}?`)
          ? new Response(null, { status: 302, headers: { location: '/callback' } })
          : undefined,
    },
    'callback_loses_response',
    'error',
    /Stop the redirect at the web server or in the service worker/,
  ],
  [
    'a redirect URI on another origin',
    { setup: { origin: 'https://www.example.com' } },
    'redirect_uri_other_origin',
    'error',
    /www.example.com/,
  ],
  [
    'a callback page that may not be in a frame',
    { appHeaders: { 'x-frame-options': 'DENY' }, setup: { transport: 'iframe' } },
    'callback_not_frameable',
    'error',
    /X-Frame-Options: DENY/,
  ],
  [
    'a callback page with frame-ancestors',
    { appHeaders: { 'content-security-policy': "default-src 'self' https:; frame-ancestors 'none'" } },
    'callback_not_frameable',
    'note',
    /frame-ancestors 'none'/,
  ],
  [
    'a policy without the server in connect-src',
    { appHeaders: { 'content-security-policy': "default-src *; connect-src 'self'" } },
    'csp_blocks_request',
    'error',
    /Add https:\/\/id.example.com to connect-src/,
  ],
  [
    'a policy without the server in frame-src',
    { appHeaders: { 'content-security-policy': "frame-src 'self'" }, setup: { transport: 'iframe' } },
    'csp_blocks_frame',
    'error',
    /frame-src/,
  ],
  [
    'cross-origin isolation',
    { appHeaders: { 'cross-origin-embedder-policy': 'require-corp' } },
    'csp_blocks_frame',
    'note',
    /Embedder-Policy: require-corp/,
  ],
  [
    'cookies of another site',
    {
      setup: { redirectUri: 'https://shop.example.org/' },
      respond: (request) => {
        if (new URL(request.url).pathname !== '/authorize') return undefined
        const response = redirectTo(request, { error: 'login_required' })
        response.headers.append('set-cookie', 'sid=1; SameSite=Lax; Secure')
        return response
      },
    },
    'third_party_cookies',
    'note',
    /cookies sid/,
  ],
  [
    'sign-in pages with an opener policy',
    {
      setup: { transport: 'popup' },
      respond: at('/authorize', () => {
        const page = refusalPage('Sign in', 200)
        page.headers.set('cross-origin-opener-policy', 'same-origin')
        return page
      }),
    },
    'opener_policy',
    'warning',
    /BroadcastChannel/,
  ],
  ['a clock that is wrong', { clockAhead: -300_000 }, 'clock_offset', 'error', /30[01] s behind/],
  ['a server ahead by less than is refused', { clockAhead: 300_000 }, 'clock_offset', 'warning', /300 s ahead|299 s ahead/],
  [
    'an issuer in capital letters',
    {
      setup: { issuer: `${ISSUER}/Realms/Shop` },
      respond: at('/realms/shop/.well-known/openid-configuration', () => json({ issuer: `${ISSUER}/realms/shop` })),
    },
    'issuer_mismatch',
    'error',
    /Set "issuer" to "https:\/\/id.example.com\/realms\/shop"/,
  ],
  [
    'a token endpoint that has moved',
    { respond: at('/token', () => new Response(null, { status: 301, headers: { ...CORS, location: '/oauth/token' } })) },
    'endpoint_unreachable',
    'error',
    /server metadata.*option "server"/,
  ],
  ['an app by http', { setup: { redirectUri: 'http://app.internal/' } }, 'insecure_context', 'error', /crypto.subtle/],
  [
    'another algorithm',
    { metadata: { id_token_signing_alg_values_supported: ['ES256'] }, keys: [ecKey] },
    'algorithm_mismatch',
    'error',
    /"idTokenSignedResponseAlg" to "ES256"/,
  ],
  ['a key set without a usable key', { keys: [ecKey] }, 'jwks_no_key', 'error', /ec EC ES256/],
  ['a key set with private keys', { keys: [privateKey] }, 'jwks_private_key', 'error', /Replace the keys at once/],
  ['a key set that does not exist', { metadata: { jwks_uri: `${ISSUER}/none` } }, 'jwks_unreachable', 'error', /status 404/],
]

describe('the doctor', () => {
  it('finds nothing wrong with a set-up that works', async () => {
    const { findings, passed, skipped } = await diagnoseBroken()
    expect(findings).toEqual([])
    expect(passed).toContain('token endpoint: CORS, client authentication and grants')
    expect(skipped.map(({ check }) => check)).toEqual([
      'storage of the browser',
      'service worker at the redirect URI',
      'copies of the library',
    ])
  })

  it.each(BROKEN)('finds %s', async (_, broken, ...expected) => {
    const [code, severity, text] = expected
    const { findings } = await diagnoseBroken(broken)
    const finding = findings.find((each) => each.code === code)
    expect(findings.map((each) => `${each.severity} ${each.code}`)).toContain(`${severity} ${code}`)
    expect(`${finding?.seen} ${finding?.expected} ${finding?.change}`).toMatch(text)
  })

  it('reports one cause once', async () => {
    const codes = async (broken: Broken): Promise<readonly string[]> =>
      (await diagnoseBroken(broken)).findings.map(({ code }) => code)
    expect(await codes({ respond: at('/authorize', () => refusalPage('Client not found.')) })).toEqual(['client_unknown'])
    const inner = { authorization_endpoint: 'http://id:8080/a', token_endpoint: 'http://id:8080/t', jwks_uri: 'http://id:8080/j' }
    expect(await codes({ metadata: inner })).toEqual(['metadata_invalid'])
    expect(await codes({ setup: { issuer: 'https://nowhere.example' } })).toEqual(['metadata_unreachable'])
    expect(await codes({ keys: [ecKey], metadata: { id_token_signing_alg_values_supported: ['ES256'] } })).toEqual([
      'algorithm_mismatch',
    ])
  })

  it('says that the server has no refresh tokens, if its metadata says so', async () => {
    const refuses = { error: 'unsupported_grant_type' }
    const respond = async (request: Request): Promise<Response | undefined> => {
      if (new URL(request.url).pathname !== '/token' || request.method === 'OPTIONS') return undefined
      return (await request.clone().text()).includes('grant_type=refresh_token') ? json(refuses, 400) : undefined
    }
    const changeOf = async (grants: readonly string[] | undefined): Promise<string | undefined> => {
      const { findings } = await diagnoseBroken({ metadata: { grant_types_supported: grants }, respond })
      return findings.find(({ code }) => code === 'no_refresh_token')?.change
    }
    expect(await changeOf(['authorization_code'])).toMatch(/^The server has no grant "refresh_token"/)
    expect(await changeOf(['authorization_code', 'refresh_token'])).toMatch(/^Allow the grant/)
    expect(await changeOf(undefined)).toMatch(/^Allow the grant/)
  })

  it('shows the path of an issuer of Keycloak for the base address of a server on this machine', async () => {
    const changeAt = async (issuer: string) => (await diagnoseBroken({ setup: { issuer } })).findings[0]?.change
    expect(await changeAt('http://localhost:8080')).toContain('Keycloak has the path /realms/<realm>')
    expect(await changeAt('http://localhost:5173/oauth')).not.toContain('Keycloak')
    expect(await changeAt('https://nowhere.example')).not.toContain('Keycloak')
  })

  it('names the setting of the provider that the issuer is of, and of all if it may be any of them', async () => {
    const nowhere = async (issuer: string): Promise<readonly string[]> => {
      const { findings } = await diagnoseBroken({ setup: { issuer } })
      return findings.flatMap(({ settings }) => settings.map(({ provider }) => provider))
    }
    expect(await nowhere('https://sso.example.org/realms/a')).toEqual(['Keycloak'])
    expect(await nowhere('https://dev-1.okta.com/oauth2/default')).toEqual(['Okta'])
    expect(await nowhere('https://a.eu.auth0.com/')).toEqual(['Auth0'])
    expect(await nowhere('https://shop.zitadel.cloud')).toEqual(['ZITADEL'])
    expect(await nowhere('https://auth.example.com/application/o/shop/')).toEqual(['authentik'])
    expect(await nowhere('https://github.com/login/oauth')).toEqual(['GitHub'])
    expect(await nowhere('https://nowhere.example')).toHaveLength(9)
    expect(await nowhere('http://localhost:8080/realms/a')).toEqual(['Keycloak'])
    expect(await nowhere('http://localhost:9000')).toEqual([])
  })

  it('knows that Keycloak issues refresh tokens without the scope offline_access', async () => {
    const issuer = 'https://id.example.com/realms/shop'
    const codesAt = async (broken: Broken): Promise<readonly string[]> =>
      (await diagnoseBroken(broken)).findings.map(({ code }) => code)
    expect(await codesAt({ setup: { scope: 'openid' } })).toContain('no_refresh_token')
    const metadataUrl = 'https://id.example.com/.well-known/openid-configuration'
    expect(await codesAt({ setup: { scope: 'openid', issuer, metadataUrl }, metadata: { issuer } })).toEqual([])
  })

  it('names the settings of Keycloak and Cognito as their manuals do', () => {
    const settingsOf = (issuer: string) => (code: FindingCode) => settingsFor(code, issuer).map(({ setting }) => setting)
    const keycloak = settingsOf('https://sso.example.org/realms/a')
    expect(keycloak('redirect_uri_not_registered')[0]).toMatch(/Settings › Access settings › Valid redirect URIs$/)
    expect(keycloak('cors_token')[0]).toMatch(/Settings › Access settings › Web origins$/)
    expect(keycloak('grant_not_allowed')[0]).toMatch(/Capability config › Standard flow$/)
    expect(keycloak('client_secret_required')[0]).toMatch(/Capability config › Client authentication: Off$/)
    expect(keycloak('issuer_mismatch')[0]).toMatch(/hostname and proxy-headers/)
    expect(keycloak('metadata_unreachable')[0]).toMatch(/Require SSL/)
    // The headers of the app are the cause, so no setting of a provider is named.
    expect(keycloak('csp_blocks_frame')).toEqual([])
    const cognito = settingsOf('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a')
    expect(cognito('redirect_uri_not_registered')[0]).toMatch(/Managed login pages configuration › Edit › Allowed callback URLs$/)
    expect(cognito('grant_not_allowed')[0]).toMatch(/OAuth 2.0 grant types$/)
    expect(cognito('no_refresh_token')[0]).toMatch(/ALLOW_REFRESH_TOKEN_AUTH/)
    // Cognito has no setting for CORS.
    expect(cognito('cors_token')).toEqual([])
  })

  it('takes words of the server as text of one line', async () => {
    const { findings } = await diagnoseBroken({
      respond: at('/authorize', () => refusalPage(`\u001b[2J\u202e${'x'.repeat(9000)}`)),
    })
    const [finding] = findings
    // oxlint-disable-next-line no-control-regex -- the rule is about mistakes; here control characters are what must be missing
    expect(finding?.seen).not.toMatch(/[\u0000-\u001f\u202e]/)
    expect(finding?.seen.length).toBeLessThan(500)
  })
})

describe('a hostile server', () => {
  const members = [
    'authorization_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
    'jwks_uri',
    'jwks',
    'pushed_authorization_request_endpoint',
    'grant_types_supported',
    'scopes_supported',
    'id_token_signing_alg_values_supported',
  ]

  it.each(members)('makes no check fail by its "%s"', async (member) => {
    for (const value of [5, {}, [], [5], 'x', '', null, true, { keys: 5 }, { keys: [5, {}] }]) {
      const metadata = { [member]: value, require_pushed_authorization_requests: true }
      const { skipped } = await diagnoseBroken({ metadata })
      expect(skipped.filter(({ reason }) => reason.includes('failed'))).toEqual([])
    }
  })

  it('writes no control characters into findings', async () => {
    const userinfo = `${ISSUER}/\u001b[2J\u202e`
    const { findings } = await diagnoseBroken({
      metadata: { userinfo_endpoint: userinfo, token_endpoint: userinfo, jwks_uri: userinfo },
    })
    expect(findings.map(({ code }) => code)).toContain('endpoint_unreachable')
    // oxlint-disable-next-line no-control-regex -- the rule is about mistakes; here control characters are what must be missing
    for (const { seen, expected, change } of findings) expect(seen + expected + change).not.toMatch(/[\u0000-\u001f\u202e]/)
  })
})

describe('the authorization request of the doctor', () => {
  const refusals: readonly (readonly [provider: string, text: string, code: FindingCode])[] = [
    ['Keycloak', 'We are sorry... Invalid parameter: redirect_uri', 'redirect_uri_not_registered'],
    ['Keycloak', 'We are sorry... Client not found.', 'client_unknown'],
    [
      'Okta',
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings",
      'redirect_uri_not_registered',
    ],
    [
      'Auth0',
      'Callback URL mismatch. The provided redirect_uri is not in the list of allowed callback URLs.',
      'redirect_uri_not_registered',
    ],
    ['Auth0', 'invalid_request: Unknown client: spa', 'client_unknown'],
    ['Entra', 'AADSTS50011: The reply URL specified in the request does not match', 'redirect_uri_not_registered'],
    ['Entra', "AADSTS700016: Application with identifier 'spa' was not found in the directory", 'client_unknown'],
    ['Google', 'Error 400: redirect_uri_mismatch', 'redirect_uri_not_registered'],
    ['Google', 'Error 401: invalid_client The OAuth client was not found.', 'client_unknown'],
    ['Latchkey', "invalid_client no client is registered under this 'client_id'. Received as redirect_uri", 'client_unknown'],
    ['Latchkey', "'redirect_uri' is not one that this client has registered. Unknown client", 'redirect_uri_not_registered'],
    [
      'oidc-provider',
      "invalid_redirect_uri: redirect_uri did not match any of the client's registered ones",
      'redirect_uri_not_registered',
    ],
    ['others', 'unauthorized_client: the redirect_uri is not allowed', 'redirect_uri_not_registered'],
    ['Cognito', 'error=redirect_mismatch', 'redirect_uri_not_registered'],
    ['Cognito', 'Client does not exist.', 'client_unknown'],
  ]

  it.each(refusals)('understands %s: %s', async (_, text, code) => {
    const { findings } = await diagnoseBroken({ respond: at('/authorize', () => refusalPage(text)) })
    expect(findings.map((finding) => finding.code)).toEqual([code])
  })

  it('follows redirects to an error page, with the cookies of the server', async () => {
    const TO_ERROR = { location: '/error?error=redirect_mismatch', 'set-cookie': 'sid=1; Path=/' }
    const respond = (request: Request): Response | undefined => {
      const { pathname } = new URL(request.url)
      if (pathname === '/authorize') return new Response(null, { status: 302, headers: TO_ERROR })
      if (pathname !== '/error') return undefined
      return request.headers.get('cookie') === 'sid=1' ? refusalPage('An error was encountered') : refusalPage('Cookie not found')
    }
    const { findings } = await diagnoseBroken({ respond })
    expect(findings.map(({ code, seen }) => [code, seen])).toEqual([
      ['redirect_uri_not_registered', expect.stringContaining('An error was encountered')],
    ])
  })

  it('compares pages in other words with those of wrong values', async () => {
    const isUri = at('/authorize', (request) =>
      new URL(request.url).searchParams.get('client_id') === 'spa' ? refusalPage('Fehler 17') : refusalPage('Fehler: Anwendung'),
    )
    expect((await diagnoseBroken({ respond: isUri })).findings.map(({ code }) => code)).toEqual(['redirect_uri_not_registered'])
    const isClient = at('/authorize', (request) =>
      new URL(request.url).searchParams.get('redirect_uri') === REDIRECT_URI
        ? refusalPage('Fehler 17')
        : refusalPage('Fehler: Ziel'),
    )
    expect((await diagnoseBroken({ respond: isClient })).findings.map(({ code }) => code)).toEqual(['client_unknown'])
    const isBoth = at('/authorize', () => refusalPage('Fehler'))
    expect((await diagnoseBroken({ respond: isBoth })).findings.map(({ code }) => code)).toEqual(['authorization_refused'])
  })

  it('accepts a server that shows its sign-in page although it must not', async () => {
    const respond = at('/authorize', (request) => {
      const { searchParams } = new URL(request.url)
      const isRegistered = searchParams.get('client_id') === 'spa' && searchParams.get('redirect_uri') === REDIRECT_URI
      return isRegistered ? refusalPage('Sign in', 200) : refusalPage('Error', 200)
    })
    expect((await diagnoseBroken({ respond })).findings).toEqual([])
  })

  it('is pushed if the server requires it', async () => {
    const metadata = { require_pushed_authorization_requests: true, pushed_authorization_request_endpoint: `${ISSUER}/par` }
    const refused = at('/par', () => json({ error: 'invalid_request', error_description: 'redirect_uri is not registered' }, 400))
    expect((await diagnoseBroken({ metadata, respond: refused })).findings.map(({ code }) => code)).toEqual([
      'redirect_uri_not_registered',
    ])
  })
})
