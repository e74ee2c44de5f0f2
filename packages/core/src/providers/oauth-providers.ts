import { bearerTokenType, formEncodedTokenResponse, renamedClaims, withQueryParameter } from './compliance-hooks.js'
import type { Preset, ProxyOptions } from './preset.js'

/** Options for GitHub. Its token endpoint sends no CORS headers, so a page needs a proxy. */
export function github({ tokenEndpoint }: ProxyOptions = {}): Preset {
  return {
    server: {
      issuer: 'https://github.com',
      authorization_endpoint: 'https://github.com/login/oauth/authorize',
      token_endpoint: tokenEndpoint ?? 'https://github.com/login/oauth/access_token',
      userinfo_endpoint: 'https://api.github.com/user',
    },
    scope: 'read:user',
    resources: ['https://api.github.com/'],
    compliance: {
      tokenResponse: formEncodedTokenResponse,
      userInfoResponse: renamedClaims({ sub: 'id', preferred_username: 'login', picture: 'avatar_url', profile: 'html_url' }),
    },
  }
}

/** Options for Slack (OAuth 2). Adds the `token_type` that its token responses lack. */
export function slack({ tokenEndpoint }: ProxyOptions = {}): Preset {
  return {
    server: {
      issuer: 'https://slack.com',
      authorization_endpoint: 'https://slack.com/oauth/v2/authorize',
      token_endpoint: tokenEndpoint ?? 'https://slack.com/api/oauth.v2.access',
    },
    scope: '',
    resources: ['https://slack.com/api/'],
    compliance: { tokenResponse: bearerTokenType, refreshTokenResponse: bearerTokenType },
  }
}

/** Options for Discord. */
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

/** Options for Spotify. */
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
 * Options for Stack Exchange. Reads its form-encoded token response and adds `site` to every request. Its token endpoint sends no CORS
 * headers, so a page needs a proxy.
 *
 * @param site name of the site, such as `stackoverflow`
 */
export function stackExchange(site = 'stackoverflow', { tokenEndpoint }: ProxyOptions = {}): Preset {
  return {
    server: {
      issuer: 'https://stackoverflow.com',
      authorization_endpoint: 'https://stackoverflow.com/oauth',
      token_endpoint: tokenEndpoint ?? 'https://stackoverflow.com/oauth/access_token',
    },
    scope: '',
    resources: ['https://api.stackexchange.com/'],
    compliance: { tokenResponse: formEncodedTokenResponse, protectedRequest: withQueryParameter('site', site) },
  }
}
