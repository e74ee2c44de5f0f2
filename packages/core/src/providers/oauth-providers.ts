import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { checkPreset, PROXY } from './check-preset.js'
import {
  chainHooks,
  formEncodedTokenResponse,
  onlyAt,
  renamedClaims,
  spaceSeparatedScope,
  withQueryParameter,
} from './compliance-hooks.js'
import { needsProxy } from './needs-proxy.js'
import type { Preset, ProxyOptions } from './preset.js'

/**
 * Options for GitHub. Its token endpoint sends no CORS headers and requires a secret, so a page needs a proxy. Only GitHub Apps issue
 * refresh tokens.
 *
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export function github(options: ProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('github()', {}, [options, PROXY])
  requireKind('github()', 'object', options)
  const { tokenEndpoint } = options
  const readResponse = chainHooks(
    { tokenResponse: formEncodedTokenResponse },
    { tokenResponse: spaceSeparatedScope },
  ).tokenResponse
  return {
    server: {
      // The `iss` of GitHub's authorization responses.
      issuer: 'https://github.com/login/oauth',
      authorization_endpoint: 'https://github.com/login/oauth/authorize',
      token_endpoint: tokenEndpoint ?? 'https://github.com/login/oauth/access_token',
      userinfo_endpoint: 'https://api.github.com/user',
    },
    scope: 'read:user',
    resources: ['https://api.github.com/'],
    isSessionEnd: ({ error }) => error === 'bad_refresh_token',
    compliance: {
      authorizationRequest: needsProxy('GitHub', 'both', tokenEndpoint),
      tokenResponse: readResponse,
      refreshTokenResponse: readResponse,
      userInfoResponse: renamedClaims({ sub: 'id', preferred_username: 'login', picture: 'avatar_url', profile: 'html_url' }),
    },
  }
}

/**
 * Options for Discord.
 *
 * @see https://discord.com/developers/docs/topics/oauth2
 */
export function discord(): Preset {
  return {
    server: {
      issuer: 'https://discord.com',
      authorization_endpoint: 'https://discord.com/oauth2/authorize',
      token_endpoint: 'https://discord.com/api/oauth2/token',
      revocation_endpoint: 'https://discord.com/api/oauth2/token/revoke',
      userinfo_endpoint: 'https://discord.com/api/users/@me',
    },
    scope: 'identify email',
    resources: ['https://discord.com/api/'],
    compliance: { userInfoResponse: renamedClaims({ sub: 'id', preferred_username: 'username', name: 'global_name' }) },
  }
}

/**
 * Options for Spotify.
 *
 * @see https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow
 */
export function spotify(): Preset {
  return {
    server: {
      issuer: 'https://accounts.spotify.com',
      authorization_endpoint: 'https://accounts.spotify.com/authorize',
      token_endpoint: 'https://accounts.spotify.com/api/token',
      userinfo_endpoint: 'https://api.spotify.com/v1/me',
    },
    scope: 'user-read-private user-read-email',
    resources: ['https://api.spotify.com/'],
    compliance: { userInfoResponse: renamedClaims({ sub: 'id', name: 'display_name' }) },
  }
}

/**
 * Options for Stack Exchange. Reads its form-encoded token response, and sends the token in the query with `site`, as its API requires.
 * Its token endpoint requires a secret, so a page needs a proxy.
 *
 * @param site name of the site, such as `stackoverflow`
 * @see https://api.stackexchange.com/docs/authentication
 */
export function stackExchange(site = 'stackoverflow', options: ProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('stackExchange()', { site }, [options, PROXY])
  requireKind('stackExchange()', 'string', site)
  requireKind('stackExchange()', 'object', options)
  const { tokenEndpoint } = options
  return {
    server: {
      issuer: 'https://stackoverflow.com',
      authorization_endpoint: 'https://stackoverflow.com/oauth',
      token_endpoint: tokenEndpoint ?? 'https://stackoverflow.com/oauth/access_token',
    },
    scope: '',
    resources: [{ url: 'https://api.stackexchange.com/', tokenPlacement: 'query' }],
    compliance: {
      authorizationRequest: needsProxy('Stack Exchange', 'both', tokenEndpoint),
      tokenResponse: formEncodedTokenResponse,
      protectedRequest: onlyAt('https://api.stackexchange.com/', withQueryParameter('site', site)),
    },
  }
}

/**
 * Options for Dropbox, with a refresh token. The user's account: `client.fetch('https://api.dropboxapi.com/2/users/get_current_account',
 * { method: 'POST' })`.
 *
 * @see https://developers.dropbox.com/oauth-guide
 */
export function dropbox(): Preset {
  return {
    server: {
      issuer: 'https://www.dropbox.com',
      authorization_endpoint: 'https://www.dropbox.com/oauth2/authorize',
      token_endpoint: 'https://api.dropboxapi.com/oauth2/token',
    },
    scope: 'account_info.read',
    params: { token_access_type: 'offline' },
    resources: ['https://api.dropboxapi.com/', 'https://content.dropboxapi.com/'],
  }
}
