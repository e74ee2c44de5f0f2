import { createError } from '../errors/create-error.js'
import { isRecord } from '../platform/is-record.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { checkPreset, OPENID_PROXY, PROXY } from './check-preset.js'
import { adaptedTokenResponse, bearerTokenType, mapJson, onlyAt, renamedClaims, spaceSeparatedScope } from './compliance-hooks.js'
import { needsProxy } from './needs-proxy.js'
import type { OpenIdProxyOptions, Preset, ProxyOptions } from './preset.js'

/**
 * Options for X (Twitter), with a refresh token. Neither its token endpoint nor its API sends CORS headers, so a page needs a proxy.
 *
 * @param options `userInfoEndpoint` is your proxy of `https://api.x.com/2/users/me`
 * @see https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 */
export function x(options: OpenIdProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('x()', {}, [options, OPENID_PROXY])
  requireKind('x()', 'object', options)
  const { tokenEndpoint, userInfoEndpoint } = options
  return {
    server: {
      issuer: 'https://x.com',
      authorization_endpoint: 'https://x.com/i/oauth2/authorize',
      token_endpoint: tokenEndpoint ?? 'https://api.x.com/2/oauth2/token',
      revocation_endpoint: tokenEndpoint === undefined ? 'https://api.x.com/2/oauth2/revoke' : undefined,
      userinfo_endpoint: userInfoEndpoint ?? 'https://api.x.com/2/users/me',
    },
    scope: 'tweet.read users.read offline.access',
    resources: ['https://api.x.com/'],
    // X has no "invalid_grant".
    isSessionEnd: ({ error, errorDescription = '' }) =>
      error === 'invalid_request' && /value passed for the token was invalid/i.test(errorDescription),
    compliance: {
      authorizationRequest: needsProxy('X', 'cors', tokenEndpoint),
      userInfoResponse: async (response) => {
        const user = await mapJson(response, (body) => (isRecord(body['data']) ? body['data'] : body))
        return renamedClaims({ sub: 'id', preferred_username: 'username', picture: 'profile_image_url' })(user)
      },
    },
  }
}

/** Options of {@link facebook}. */
export interface FacebookOptions extends ProxyOptions {
  /** Version of the Graph API. Default `v23.0`. */
  readonly version?: string | undefined
}

/**
 * Options for Facebook, as plain OAuth 2: its key set sends no CORS headers, so a page could not check an ID token. The code flow needs a
 * secret, so a page needs a proxy. There is no refresh token.
 *
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export function facebook(options: FacebookOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('facebook()', {}, [options, { ...PROXY, version: 'string' }])
  requireKind('facebook()', 'object', options)
  const { tokenEndpoint, version = 'v23.0' } = options
  const graph = `https://graph.facebook.com/${version}`
  return {
    server: {
      issuer: 'https://www.facebook.com',
      authorization_endpoint: `https://www.facebook.com/${version}/dialog/oauth`,
      token_endpoint: tokenEndpoint ?? `${graph}/oauth/access_token`,
      userinfo_endpoint: `${graph}/me?fields=id,name,first_name,last_name,email,picture`,
    },
    scope: 'public_profile email',
    resources: ['https://graph.facebook.com/'],
    compliance: {
      authorizationRequest: needsProxy('Facebook', 'secret', tokenEndpoint),
      tokenResponse: (response) => mapJson(response, withErrorCode),
      userInfoResponse: async (response) => {
        const names = { sub: 'id', given_name: 'first_name', family_name: 'last_name' }
        const user = await renamedClaims(names)(response)
        return mapJson(user, ({ picture, ...body }) => ({ ...body, picture: pictureUrl(picture) }))
      },
    },
  }
}

type Body = Readonly<Record<string, unknown>>

/** Facebook sends an object as `error`. */
function withErrorCode(body: Body): Body {
  const { error } = body
  return isRecord(error) ? { error: error['type'] ?? 'error', error_description: error['message'] } : body
}

function pictureUrl(picture: unknown): unknown {
  return isRecord(picture) && isRecord(picture['data']) ? picture['data']['url'] : undefined
}

/**
 * Options for LinkedIn. Nothing of it sends CORS headers and the token endpoint requires a secret, so a page needs a proxy for the token
 * endpoint, the key set and UserInfo. LinkedIn returns no `nonce` and refuses PKCE, so `state` alone binds the response to the request.
 *
 * @see https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
 */
export function linkedin(options: OpenIdProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('linkedin()', {}, [options, OPENID_PROXY])
  requireKind('linkedin()', 'object', options)
  const { tokenEndpoint, jwksUri, userInfoEndpoint } = options
  const refuse = needsProxy('LinkedIn', 'both', tokenEndpoint)
  return {
    server: {
      issuer: 'https://www.linkedin.com/oauth',
      authorization_endpoint: 'https://www.linkedin.com/oauth/v2/authorization',
      token_endpoint: tokenEndpoint ?? 'https://www.linkedin.com/oauth/v2/accessToken',
      jwks_uri: jwksUri ?? 'https://www.linkedin.com/oauth/openid/jwks',
      userinfo_endpoint: userInfoEndpoint ?? 'https://api.linkedin.com/v2/userinfo',
    },
    scope: 'openid profile email',
    resources: ['https://api.linkedin.com/'],
    compliance: {
      authorizationRequest(url) {
        for (const name of ['nonce', 'code_challenge', 'code_challenge_method']) url.searchParams.delete(name)
        return refuse(url)
      },
      tokenRequest: async (request) => {
        const body = new URLSearchParams(await request.text())
        body.delete('code_verifier')
        return new Request(request.url, { method: 'POST', headers: request.headers, body })
      },
      tokenResponse: spaceSeparatedScope,
      refreshTokenResponse: bearerTokenType,
    },
  }
}

/** Options of {@link twitch}. */
export interface TwitchOptions extends OpenIdProxyOptions {
  /** The client id of the app: Twitch's API requires it in a header of its own. */
  readonly clientId?: string | undefined
}

/**
 * Options for Twitch. Its token endpoint requires a secret, so a page needs a proxy; without one, use the response type `id_token token`.
 *
 * @see https://dev.twitch.tv/docs/authentication/getting-tokens-oidc
 */
export function twitch(options: TwitchOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('twitch()', {}, [options, { ...OPENID_PROXY, clientId: 'string' }])
  requireKind('twitch()', 'object', options)
  const { tokenEndpoint, jwksUri, userInfoEndpoint, clientId } = options
  const readResponse = adaptedTwitchResponse
  return {
    server: {
      issuer: 'https://id.twitch.tv/oauth2',
      authorization_endpoint: 'https://id.twitch.tv/oauth2/authorize',
      token_endpoint: tokenEndpoint ?? 'https://id.twitch.tv/oauth2/token',
      jwks_uri: jwksUri ?? 'https://id.twitch.tv/oauth2/keys',
      userinfo_endpoint: userInfoEndpoint ?? 'https://id.twitch.tv/oauth2/userinfo',
      revocation_endpoint: 'https://id.twitch.tv/oauth2/revoke',
    },
    scope: 'openid user:read:email',
    // Twitch puts no claims about the user into tokens that were not requested one by one.
    params: { claims: '{"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}}' },
    resources: ['https://api.twitch.tv/'],
    compliance: {
      authorizationRequest: needsProxy('Twitch', 'secret', tokenEndpoint),
      tokenResponse: readResponse,
      refreshTokenResponse: readResponse,
      protectedRequest: onlyAt('https://api.twitch.tv/', (request) => {
        if (clientId !== undefined) request.headers.set('client-id', clientId)
        return request
      }),
    },
  }
}

/** Twitch sends `scope` as a list, and errors as a status and a message. */
async function adaptedTwitchResponse(response: Response): Promise<Response> {
  return spaceSeparatedScope(
    await mapJson(response, (body) => {
      const { message } = body
      if (typeof message !== 'string' || 'access_token' in body) return body
      const isGrant = /invalid (?:refresh token|grant|authorization code)/i.test(message)
      return { error: isGrant ? 'invalid_grant' : 'invalid_request', error_description: message }
    }),
  )
}

/**
 * Options for Bitbucket Cloud. Its token endpoint requires a secret, so a page needs a proxy. The scope is that of the OAuth consumer.
 *
 * @see https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/
 */
export function bitbucket(options: ProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('bitbucket()', {}, [options, PROXY])
  requireKind('bitbucket()', 'object', options)
  const { tokenEndpoint } = options
  const readResponse = adaptedTokenResponse(({ scopes, ...body }) => ({ scope: scopes, ...body }))
  return {
    server: {
      issuer: 'https://bitbucket.org',
      authorization_endpoint: 'https://bitbucket.org/site/oauth2/authorize',
      token_endpoint: tokenEndpoint ?? 'https://bitbucket.org/site/oauth2/access_token',
      userinfo_endpoint: 'https://api.bitbucket.org/2.0/user',
    },
    scope: '',
    resources: ['https://api.bitbucket.org/'],
    compliance: {
      authorizationRequest: needsProxy('Bitbucket', 'both', tokenEndpoint),
      tokenResponse: readResponse,
      refreshTokenResponse: readResponse,
      userInfoResponse: renamedClaims({ sub: 'uuid', name: 'display_name', preferred_username: 'nickname' }),
    },
  }
}

/**
 * Options for Apple. Its token endpoint requires a secret that is signed with your key, so a page needs a proxy. Apple returns the scopes
 * `name` and `email` only by form post, to a server: they are refused.
 *
 * @see https://developer.apple.com/documentation/signinwithapplerestapi
 */
export function apple(options: OpenIdProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('apple()', {}, [options, OPENID_PROXY])
  requireKind('apple()', 'object', options)
  const { tokenEndpoint, jwksUri } = options
  const refuse = needsProxy('Apple', 'both', tokenEndpoint)
  return {
    server: {
      issuer: 'https://appleid.apple.com',
      authorization_endpoint: 'https://appleid.apple.com/auth/authorize',
      token_endpoint: tokenEndpoint ?? 'https://appleid.apple.com/auth/token',
      jwks_uri: jwksUri ?? 'https://appleid.apple.com/auth/keys',
      revocation_endpoint: tokenEndpoint === undefined ? 'https://appleid.apple.com/auth/revoke' : undefined,
    },
    scope: 'openid',
    compliance: {
      authorizationRequest(url) {
        const [name] = /\b(?:name|email)\b/.exec(url.searchParams.get('scope') ?? '') ?? []
        if (name === undefined) return refuse(url)
        throw createError('unsupported', `Apple returns the scope "${name}" by form post only, which a page cannot read.`, {
          hint: 'Request the scope "openid" alone, or sign in in your back end, at a redirect URI that takes a POST.',
          spec: 'OAuth 2.0 Form Post Response Mode, section 2',
        })
      },
    },
  }
}
