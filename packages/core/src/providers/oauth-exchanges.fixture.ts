import * as providers from '../providers.js'
import { type ProviderExchange } from './provider-exchange.fixture.js'

export const oauthExchanges: readonly ProviderExchange[] = [
  {
    name: 'GitHub',
    preset: providers.github(),
    sources: [
      'https://github.com/openiddict/openiddict-core/pull/2529',
      'https://github.com/langfuse/langfuse/pull/13093',
      'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens',
    ],
    noSignOut: {
      why: 'https://github.com/logout is a page with a form, which does not redirect to the app',
      source: 'https://github.com/sohamkamani/go-oauth-example/issues/2',
    },
    response: { iss: 'https://github.com/login/oauth' },
    token: 'access_token=at-1&expires_in=28800&refresh_token=rt-1&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer',
    refreshed: 'access_token=at-2&expires_in=28800&refresh_token=rt-2&scope=&token_type=bearer',
    refusal: { status: 200, body: 'error=bad_refresh_token&error_description=The+refresh+token+passed+is+incorrect+or+expired.' },
    userInfo: { id: 583231, login: 'octocat', name: null, avatar_url: 'https://a/' },
    expected: {
      scope: 'read:user user:email',
      userInfo: { sub: '583231', preferred_username: 'octocat', picture: 'https://a/' },
    },
  },
  {
    name: 'Slack, as a bot',
    preset: providers.slack(),
    sources: [
      'https://docs.slack.dev/reference/methods/oauth.v2.access',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/slack.ts',
      'https://github.com/oomol-lab/open-connector/issues/411',
    ],
    noSignOut: {
      why: 'its sign-in has no sign-out; only tokens can be revoked, by auth.revoke',
      source: 'https://api.slack.com/docs/sign-in-with-slack',
    },
    token: {
      ok: true,
      access_token: 'at-1',
      token_type: 'bot',
      scope: 'commands,incoming-webhook',
      expires_in: 43200,
      refresh_token: 'rt-1',
      authed_user: { id: 'U1' },
    },
    refreshed: { ok: true, access_token: 'at-2', token_type: 'bot', scope: 'commands', expires_in: 43200, refresh_token: 'rt-2' },
    refusal: { status: 200, body: { ok: false, error: 'invalid_refresh_token' } },
    expected: { scope: 'commands incoming-webhook' },
  },
  {
    name: 'Slack, as the user',
    preset: providers.slack({ userScope: 'users:read' }),
    sources: [
      'https://github.com/slackapi/java-slack-sdk/issues/1565',
      'https://github.com/ginjo/omniauth-slack/issues/10',
      'https://github.com/slack-go/slack/pull/1030',
    ],
    noSignOut: {
      why: 'its sign-in has no sign-out; only tokens can be revoked, by auth.revoke',
      source: 'https://api.slack.com/docs/sign-in-with-slack',
    },
    token: {
      ok: true,
      access_token: 'bot-token',
      token_type: 'bot',
      scope: 'commands',
      authed_user: { id: 'U1', access_token: 'at-1', token_type: 'user', scope: 'users:read,chat:write', refresh_token: 'rt-1' },
    },
    refreshed: { ok: true, access_token: 'at-2', token_type: 'user', scope: 'users:read', refresh_token: 'rt-2' },
    refusal: { status: 200, body: { ok: false, error: 'token_revoked' } },
    expected: { scope: 'users:read chat:write', request: { user_scope: 'users:read' } },
  },
  {
    name: 'Discord',
    preset: providers.discord(),
    sources: [
      'https://discord.com/developers/docs/topics/oauth2',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/discord.ts',
    ],
    noSignOut: {
      why: 'only tokens can be revoked',
      source: 'https://github.com/nicholastay/passport-discord/issues/16',
    },
    token: { access_token: 'at-1', token_type: 'Bearer', expires_in: 604800, refresh_token: 'rt-1', scope: 'identify email' },
    refreshed: { access_token: 'at-2', token_type: 'Bearer', expires_in: 604800, refresh_token: 'rt-2', scope: 'identify email' },
    refusal: { status: 400, body: { error: 'invalid_grant' } },
    userInfo: { id: '80351110224678912', username: 'nelly', global_name: 'Nelly' },
    expected: { scope: 'identify email', userInfo: { sub: '80351110224678912', preferred_username: 'nelly', name: 'Nelly' } },
  },
  {
    name: 'Spotify',
    preset: providers.spotify(),
    sources: [
      'https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/spotify.ts',
    ],
    noSignOut: {
      why: 'it has neither a sign-out nor a revocation for apps',
      source: 'https://github.com/spotify/web-api/issues/1306',
    },
    token: { access_token: 'at-1', token_type: 'Bearer', scope: 'user-read-email', expires_in: 3600, refresh_token: 'rt-1' },
    refreshed: { access_token: 'at-2', token_type: 'Bearer', scope: 'user-read-email', expires_in: 3600, refresh_token: 'rt-2' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Refresh token revoked' } },
    userInfo: { id: 'ada', display_name: 'Ada' },
    expected: { scope: 'user-read-email', userInfo: { sub: 'ada', name: 'Ada' } },
  },
  {
    // No refresh tokens: tokens of the scope no_expiry have no expiry, others end after a day.
    name: 'Stack Exchange',
    preset: providers.stackExchange('math'),
    sources: [
      'https://api.stackexchange.com/docs/authentication',
      'https://docs.authlib.org/en/v0.13/client/oauth2.html#compliance-fix-for-oauth-2',
    ],
    noSignOut: {
      why: 'only tokens can be invalidated, by its API',
      source: 'https://www.npmjs.com/package/@datafire/stackexchange',
    },
    token: 'access_token=at-1&expires=86400',
    expected: {},
  },
  {
    name: 'Dropbox',
    preset: providers.dropbox(),
    sources: [
      'https://developers.dropbox.com/oauth-guide',
      'https://github.com/dropbox/dropbox-sdk-js/blob/main/examples/javascript/pkce-browser/index.html',
      'https://github.com/pilcrowonpaper/arctic/pull/192',
    ],
    noSignOut: {
      why: 'only tokens can be revoked, by its API',
      source: 'https://dropbox.github.io/dropbox-sdk-java/api-docs/v8.0.1/com/dropbox/core/v2/auth/DbxUserAuthRequests.html',
    },
    token: {
      access_token: 'at-1',
      token_type: 'bearer',
      expires_in: 14400,
      refresh_token: 'rt-1',
      scope: 'account_info.read',
      uid: '12345',
      account_id: 'dbid:A',
    },
    // Dropbox does not rotate the refresh token.
    refreshed: { access_token: 'at-2', token_type: 'bearer', expires_in: 14400 },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' } },
    expected: { scope: 'account_info.read', request: { token_access_type: 'offline' } },
  },
  {
    name: 'X',
    preset: providers.x(),
    sources: [
      'https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/twitter.ts',
      'https://github.com/plhery/node-twitter-api-v2/issues/496',
    ],
    noSignOut: {
      why: 'it has no sign-out for apps',
      source: 'https://github.com/0maru/twitter_login/issues/62',
    },
    token: {
      token_type: 'bearer',
      expires_in: 7200,
      access_token: 'at-1',
      scope: 'tweet.read users.read offline.access',
      refresh_token: 'rt-1',
    },
    refreshed: { token_type: 'bearer', expires_in: 7200, access_token: 'at-2', scope: 'tweet.read', refresh_token: 'rt-2' },
    refusal: {
      status: 400,
      body: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
    },
    userInfo: { data: { id: '2244994945', name: 'X Dev', username: 'TwitterDev' } },
    expected: {
      scope: 'tweet.read users.read offline.access',
      userInfo: { sub: '2244994945', name: 'X Dev', preferred_username: 'TwitterDev' },
      request: { code_challenge_method: 'S256' },
    },
  },
  {
    // No refresh tokens: a token is exchanged for one of 60 days with the app secret, in a back end.
    name: 'Facebook',
    preset: providers.facebook(),
    sources: [
      'https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/facebook.ts',
      'https://app.unpkg.com/sst@3.17.3/files/dist/auth/adapter/facebook.js',
    ],
    noSignOut: {
      why: 'only its own script signs out, with an access token in a URL',
      source: 'https://developers.facebook.com/documentation/javascript/reference/FB.logout',
    },
    token: { access_token: 'at-1', token_type: 'bearer', expires_in: 5183944 },
    userInfo: { id: '1', name: 'Ada L', first_name: 'Ada', picture: { data: { url: 'https://p/', height: 50 } } },
    expected: { userInfo: { sub: '1', name: 'Ada L', given_name: 'Ada', picture: 'https://p/' } },
  },
  {
    name: 'Bitbucket',
    preset: providers.bitbucket(),
    sources: [
      'https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/',
      'https://github.com/terrakube-io/terrakube/issues/47',
      'https://github.com/avivsinai/bitbucket-cli/issues/153',
    ],
    noSignOut: {
      why: 'it has two endpoints, neither of which signs out',
      source: 'https://developer.atlassian.com/cloud/bitbucket/oauth-2',
    },
    token: {
      scopes: 'repository account',
      access_token: 'at-1',
      expires_in: 7200,
      token_type: 'bearer',
      state: 'authorization_code',
      refresh_token: 'rt-1',
    },
    refreshed: { scopes: 'repository', access_token: 'at-2', expires_in: 7200, token_type: 'bearer', state: 'refresh_token' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid refresh_token' } },
    userInfo: { uuid: '{u-1}', display_name: 'Ada', nickname: 'ada' },
    expected: { scope: 'repository account', userInfo: { sub: '{u-1}', name: 'Ada', preferred_username: 'ada' } },
  },
]
