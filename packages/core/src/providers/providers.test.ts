import { describe, expect, it } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ComplianceHooks } from '../protocol/compliance.js'
import { memory } from '../storage/memory.js'
import { createAuthorizationRequest } from '../protocol/authorization-request.js'
import { processAuthorizationResponse } from '../protocol/authorization-response.js'
import { isAcceptedIssuer } from '../protocol/foreign-parties.js'
import { fetchUserInfo } from '../protocol/userinfo.js'
import { callbackWith, failure } from '../protocol/sign-in.fixture.js'
import { createContext, redirectUri } from '../protocol/test-server.fixture.js'
import * as providers from '../providers.js'
import type { Preset } from '../providers.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { UserClaims } from '../protocol/claims.js'

const {
  auth0,
  bearerTokenType,
  chainHooks,
  cognito,
  discord,
  formEncodedTokenResponse,
  github,
  gitlab,
  google,
  keycloak,
  microsoftEntra,
  okta,
  slack,
  spotify,
  stackExchange,
  withQueryParameter,
} = providers

/** A sign-in at a provider that shows its quirk. */
async function signInAt(
  preset: Preset,
  tokenResponse: () => Response,
  userInfo?: unknown,
): Promise<{ readonly tokenSet: TokenSet; readonly user: () => Promise<UserClaims>; readonly requested: URL[] }> {
  const requested: URL[] = []
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = new Request(input)
    requested.push(new URL(request.url))
    return request.method === 'POST' ? tokenResponse() : Response.json(userInfo)
  }
  const { issuer: _, ...options } = createContext({ fetch }).options
  const context = { ...createContext({ fetch }), options: { ...options, ...preset } }
  const { expectation } = await createAuthorizationRequest(context, {
    parameters: {},
    state: 'state-1',
    redirectUri,
  })
  const tokenSet = await processAuthorizationResponse(context, callbackWith({ code: 'c', state: 'state-1' }), expectation)
  return { tokenSet, user: () => fetchUserInfo(context, tokenSet, {}), requested }
}

describe('presets of OpenID providers', () => {
  it.each([
    [google(), 'https://accounts.google.com'],
    [microsoftEntra('1234'), 'https://login.microsoftonline.com/1234/v2.0'],
    [auth0('x.auth0.com'), 'https://x.auth0.com/'],
    [okta('x.okta.com'), 'https://x.okta.com/oauth2/default'],
    [okta('x.okta.com', 'api'), 'https://x.okta.com/oauth2/api'],
    [okta('x.okta.com', null), 'https://x.okta.com'],
    [keycloak('https://id.example/', 'my realm'), 'https://id.example/realms/my%20realm'],
    [cognito('eu-west-1', 'eu-west-1_A'), 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A'],
    [gitlab(), 'https://gitlab.com'],
  ])('name the issuer exactly', (preset, issuer) => {
    expect(preset.issuer).toBe(issuer)
    expect(preset.scope).toContain('openid')
  })

  it('ask Auth0 for the API that the token is for', () => {
    expect(auth0('x.auth0.com', { audience: 'urn:api' }).params).toEqual({ audience: 'urn:api' })
  })
})

describe('presets of OAuth 2 providers', () => {
  it('read a form-encoded token response and GitHub’s own names', async () => {
    // covers B-021, B-038
    const response = (): Response => new Response('access_token=gho_1&scope=read%3Auser&token_type=bearer')
    const { tokenSet, user } = await signInAt(github(), response, {
      id: 583231,
      login: 'octocat',
      name: null,
      avatar_url: 'https://a/',
    })
    expect(tokenSet).toMatchObject({ accessToken: 'gho_1', scope: 'read:user' })
    await expect(user()).resolves.toMatchObject({ sub: '583231', preferred_username: 'octocat', picture: 'https://a/' })
  })

  it('report an error that GitHub sends with status 200', async () => {
    const response = (): Response => Response.json({ error: 'bad_verification_code', error_description: 'expired' })
    expect(await failure(signInAt(github(), response))).toMatchObject({ code: 'token_error', error: 'bad_verification_code' })
  })

  it('ask a proxy where the token endpoint has no CORS headers', async () => {
    const response = (): Response => Response.json({ access_token: 'a', token_type: 'bearer' })
    const { requested } = await signInAt(github({ tokenEndpoint: 'https://app.example/github-token' }), response)
    expect(requested.map(({ href }) => href)).toEqual(['https://app.example/github-token'])
  })

  it('add the token type that Slack omits, and keep its errors', async () => {
    //
    const { tokenSet } = await signInAt(slack(), () => Response.json({ ok: true, access_token: 'xoxb' }))
    expect(tokenSet).toMatchObject({ accessToken: 'xoxb', tokenType: 'Bearer' })
    expect(await failure(signInAt(slack(), () => Response.json({ ok: false, error: 'bad_code' })))).toMatchObject({
      error: 'bad_code',
    })
  })

  it('read the expiry and add the site for Stack Exchange', async () => {
    //
    const { tokenSet } = await signInAt(stackExchange('math'), () => new Response('access_token=a&expires=86400'))
    expect(tokenSet.expiresAt).toBe(tokenSet.receivedAt + 86_400)
    const request = await stackExchange('math').compliance?.protectedRequest?.(
      new Request('https://api.stackexchange.com/2.3/me?order=desc'),
    )
    expect(request?.url).toBe('https://api.stackexchange.com/2.3/me?order=desc&site=math')
  })

  it.each([
    [
      discord(),
      { id: '80351110224678912', username: 'nelly', global_name: 'Nelly' },
      { sub: '80351110224678912', name: 'Nelly' },
    ],
    [spotify(), { id: 'ada', display_name: 'Ada' }, { sub: 'ada', name: 'Ada' }],
  ])('give the claims their names', async (preset, userInfo, claims) => {
    const { user } = await signInAt(preset, () => Response.json({ access_token: 'a', token_type: 'Bearer' }), userInfo)
    await expect(user()).resolves.toMatchObject(claims)
  })
})

/** A client with one of the hooks of docs/connect/providers.md, at a server with the matching quirk and an API. */
function clientOfExample(
  compliance: ComplianceHooks,
  tokenResponse: () => Response,
  respond = (url: URL, _state: string): URL => url,
): { client: OAuthClient; requested: URL[] } {
  const requested: URL[] = []
  const client = createOAuthClient({
    server: {
      issuer: 'https://provider.example',
      authorization_endpoint: 'https://provider.example/authorize',
      token_endpoint: 'https://provider.example/token',
    },
    clientId: 'client-1',
    redirectUri,
    scope: '',
    resources: ['https://api.example/'],
    compliance,
    transport: {
      name: 'test',
      prepare: () => ({
        navigate: async ({ state }) => respond(callbackWith({ code: 'c', state }), state),
        cancel: () => undefined,
      }),
    },
    storage: memory(),
    fetch: async (input) => {
      const request = new Request(input)
      requested.push(new URL(request.url))
      return request.url.startsWith('https://api.example/') ? Response.json({}) : tokenResponse()
    },
  })
  return { client, requested }
}

describe('the examples of docs/connect/providers.md', () => {
  it('a form-encoded response with "expires" signs in, and every request to the API has "site"', async () => {
    //
    const compliance = { tokenResponse: formEncodedTokenResponse, protectedRequest: withQueryParameter('site', 'stackoverflow') }
    const response = (): Response =>
      new Response('access_token=at-1&expires=86400', { headers: { 'content-type': 'text/plain' } })
    const { client, requested } = clientOfExample(compliance, response)
    await client.login()
    const tokenSet = client.getTokenSet()
    expect(tokenSet).toMatchObject({ accessToken: 'at-1', tokenType: 'Bearer' })
    expect((tokenSet?.expiresAt ?? 0) - (tokenSet?.receivedAt ?? 0)).toBe(86_400)
    await client.fetch('https://api.example/2.3/me?order=desc')
    await client.fetch('https://api.example/2.3/answers', { method: 'POST', body: 'text' })
    expect(requested.slice(1).map(({ search }) => search)).toEqual(['?order=desc&site=stackoverflow', '?site=stackoverflow'])
  })

  it('a response without a token type signs in with the hook, also at a refresh, and is refused without', async () => {
    //
    const response = (): Response => Response.json({ ok: true, access_token: 'xoxb-1', refresh_token: 'xoxb-refresh' })
    const { client } = clientOfExample({ tokenResponse: bearerTokenType, refreshTokenResponse: bearerTokenType }, response)
    await client.login()
    await client.refresh()
    expect(client.getTokenSet()).toMatchObject({ accessToken: 'xoxb-1', tokenType: 'Bearer' })
    expect(await failure(clientOfExample({}, response).client.login())).toMatchObject({ code: 'missing_token_type' })
  })
})

describe('what providers do in their own way', () => {
  const oauth = { access_token: 'at-1', token_type: 'bearer' }

  it('Twitch’s API gets the client id in a header', async () => {
    const hook = providers.twitch({ clientId: 'client-1' }).compliance?.protectedRequest
    const request = await hook?.(new Request('https://api.twitch.tv/helix/users'))
    expect(request?.headers.get('client-id')).toBe('client-1')
  })

  it('a request to an API of the app is not changed by the hook of a provider', async () => {
    const headers = { authorization: 'Bearer at-1' }
    for (const preset of [providers.twitch({ clientId: 'client-1' }), stackExchange('math'), providers.slack()]) {
      const request = new Request('https://api.mine.example/items?x=1', { method: 'PUT', body: '{"a":1}', headers })
      const sent = await preset.compliance?.protectedRequest?.(request)
      expect([sent?.url, sent?.method, sent?.headers.get('client-id')]).toEqual([request.url, 'PUT', null])
      expect(sent).toBe(request)
    }
  })

  it('Facebook adds a fragment to the redirect URI', async () => {
    const { client } = clientOfExample(
      {},
      () => Response.json(oauth),
      (url) => new URL(`${url.href}#_=_`),
    )
    await client.login()
    expect(client.getTokenSet()?.accessToken).toBe('at-1')
  })

  it('Azure AD B2C’s errors are in the fragment, though the query was requested', async () => {
    const error = { error: 'access_denied', error_description: 'AADB2C90091: The user has cancelled.' }
    const respond = (url: URL, state: string): URL => new URL(`${url.origin}/#${new URLSearchParams({ ...error, state })}`)
    const { client } = clientOfExample({}, () => Response.json(oauth), respond)
    expect(await failure(client.login())).toMatchObject({ code: 'authorization_error', error: 'access_denied' })
  })

  it('Facebook’s error is an object', async () => {
    const body = { error: { message: 'This authorization code has been used.', type: 'OAuthException', code: 100 } }
    const attempt = signInAt(providers.facebook(), () => Response.json(body, { status: 400 }))
    expect(await failure(attempt)).toMatchObject({ code: 'token_error', error: 'OAuthException' })
  })

  it('Twitch’s error is a status and a message', async () => {
    const body = { status: 400, message: 'Invalid authorization code' }
    const preset = { ...providers.twitch(), scope: '' }
    expect(await failure(signInAt(preset, () => Response.json(body, { status: 400 })))).toMatchObject({ code: 'invalid_grant' })
  })

  it('Azure AD B2C issues no access token for "openid" alone: the error says what to request', async () => {
    const preset = providers.azureAdB2c({ tenant: 't', tenantId: '1', policy: 'p', clientId: 'c' })
    const hook = preset.compliance?.tokenResponse
    const body = { id_token: 'x', token_type: 'Bearer', scope: 'openid' }
    const error = await failure(Promise.resolve().then(() => hook?.(Response.json(body))))
    expect(error).toMatchObject({ code: 'missing_token', hint: expect.stringContaining('client id') as string })
  })

  it.each(['openid name', 'openid email', 'name'])('Apple’s scope "%s" is refused: it needs a form post', async (scope) => {
    const preset = { ...providers.apple(), scope }
    const error = await failure(signInAt(preset, () => Response.json(oauth)))
    expect(error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('back end') as string })
  })

  it('Entra ID’s directories are named by their id, since it is in the issuer', () => {
    expect(() => microsoftEntra('contoso.onmicrosoft.com')).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
  })

  it.each([
    ['common', { iss: 'https://login.microsoftonline.com/other/v2.0', tid: 't1' }],
    ['consumers', { iss: 'https://login.microsoftonline.com/t1/v2.0', tid: 't1' }],
  ])('Entra ID’s "%s" does not accept every issuer', (tenant, claims) => {
    expect(isAcceptedIssuer(microsoftEntra(tenant), claims.iss, claims)).toBe(false)
  })

  it('LinkedIn’s token request has no code verifier', async () => {
    const body = new URLSearchParams({ code: 'c', code_verifier: 'v' })
    const request = await providers
      .linkedin()
      .compliance?.tokenRequest?.(new Request('https://l.example/', { method: 'POST', body }))
    expect(await request?.text()).toBe('code=c')
  })

  it('a page of HTML is not read as a form-encoded token response', async () => {
    const html = '<p class="a=b">down</p>'
    expect(await (await providers.formEncodedTokenResponse(new Response(html))).text()).toBe(html)
  })

  it.each([
    [['a', 'b'], 'a b'],
    ['a,b c', 'a b c'],
    ['', undefined],
    [undefined, undefined],
  ])('the scope %j is written with spaces', async (scope, expected) => {
    const response = await providers.spaceSeparatedScope(Response.json({ scope }))
    expect(((await response.json()) as { scope?: string }).scope).toBe(expected)
  })
})

describe('chainHooks()', () => {
  it('runs all hooks of one name, in order', async () => {
    //
    const add = (word: string) => ({ protectedRequest: (request: Request) => new Request(`${request.url}${word}`) })
    const hooks = chainHooks(add('a'), {}, add('b'))
    expect((await hooks.protectedRequest?.(new Request('https://x.example/')))?.url).toBe('https://x.example/ab')
    expect(hooks.tokenResponse).toBeUndefined()
  })
})
