import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { checkPreset, PROXY } from './check-preset.js'
import { adaptedTokenResponse, onlyAt, withSpaces } from './compliance-hooks.js'
import { isInBrowser, needsProxy } from './needs-proxy.js'
import type { Preset, ProxyOptions } from './preset.js'

/** Options of {@link slack}. */
export interface SlackOptions extends ProxyOptions {
  /** Scope of the user's own token, space-separated. With it the session has that token instead of the bot's. */
  readonly userScope?: string | undefined
}

/**
 * Options for Slack (OAuth 2). Its token endpoint requires a secret, so a page needs a proxy. In a browser, requests to its API have the
 * token in a form, because the API refuses the header `Authorization` there.
 *
 * @see https://docs.slack.dev/authentication/installing-with-oauth
 */
export function slack(options: SlackOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('slack()', {}, [options, { ...PROXY, userScope: 'string' }])
  requireKind('slack()', 'object', options)
  const { tokenEndpoint, userScope } = options
  const readResponse = adaptedTokenResponse((body) => withBearerToken(body, userScope !== undefined))
  return {
    server: {
      issuer: 'https://slack.com',
      authorization_endpoint: 'https://slack.com/oauth/v2/authorize',
      token_endpoint: tokenEndpoint ?? 'https://slack.com/api/oauth.v2.access',
    },
    scope: '',
    params: { user_scope: userScope },
    resources: ['https://slack.com/api/'],
    isSessionEnd: ({ error }) => error === 'invalid_refresh_token' || error === 'token_revoked',
    compliance: {
      authorizationRequest: needsProxy('Slack', 'secret', tokenEndpoint),
      tokenResponse: readResponse,
      refreshTokenResponse: readResponse,
      protectedRequest: onlyAt('https://slack.com/', withTokenInForm),
    },
  }
}

type Body = Readonly<Record<string, unknown>>

/** The bot's token is in the response itself, the user's in `authed_user`. `token_type` says "bot" or "user"; both are bearer tokens. */
function withBearerToken(body: Body, prefersUser: boolean): Body {
  const user = isRecord(body['authed_user']) ? body['authed_user'] : {}
  const isUser = typeof user['access_token'] === 'string' && (prefersUser || body['access_token'] === undefined)
  const { access_token, refresh_token, expires_in, scope } = isUser ? user : body
  return { ...body, access_token, refresh_token, expires_in, scope: withSpaces(scope), token_type: 'Bearer' }
}

/** Without the header, and as a form, the request needs no preflight. @see https://github.com/slackapi/node-slack-sdk/issues/1505 */
async function withTokenInForm(request: Request): Promise<Request> {
  const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (token === undefined || !isInBrowser()) return request
  const url = new URL(request.url)
  const body = await formOf(request)
  for (const [name, value] of url.searchParams) body.append(name, value)
  body.set('token', token)
  url.search = ''
  const { signal, credentials, redirect, referrerPolicy } = request
  return new Request(url, { method: 'POST', body, signal, credentials, redirect, referrerPolicy })
}

function noFields(): ConfigurationError {
  return createError(
    'configuration',
    'The body of a request to Slack is a JSON list, which has no names for the fields of a form.',
    {
      hint: 'Pass an object, such as { channel, blocks: [] }: from a page, its members are sent as a form.',
    },
  )
}

/** Slack reads JSON values in the fields of a form. */
async function formOf(request: Request): Promise<FormData | URLSearchParams> {
  if (request.headers.get('content-type')?.startsWith('multipart/')) return request.formData()
  const text = await request.text()
  if (!/^\s*[{[]/.test(text)) return new URLSearchParams(text)
  if (text.trimStart().startsWith('[')) throw noFields()
  const members = Object.entries(JSON.parse(text) as Record<string, unknown>)
  return new URLSearchParams(members.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
}
