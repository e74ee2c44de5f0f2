import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { createError } from '../errors/create-error.js'
import type { Purpose } from '../protocol/purpose.js'
import { joinScope } from '../protocol/scope.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf, type GrantSubject, signInWith, withTypedErrors } from './grant-subject.js'
import { type PollOptions, pollToken } from './poll-token.js'
import { requestApproval, requiredMember, secondsOf } from './request-approval.js'
import { GRANT_OPTIONS, type GrantRequestOptions } from './request-grant.js'

const CIBA_OPTIONS: OptionNames<CibaOptions> = {
  ...GRANT_OPTIONS,
  loginHint: 'string',
  loginHintToken: 'string',
  idTokenHint: 'string',
  bindingMessage: 'string',
  acrValues: 'string',
  userCode: 'string',
  requestedExpiry: 'number',
}

/** Options of {@link ciba}. Exactly one of the three hints is required: it identifies the user. */
export interface CibaOptions extends GrantRequestOptions {
  /** `login_hint`, such as an email address. */
  readonly loginHint?: string | undefined
  /** `login_hint_token` of the server's own format. */
  readonly loginHintToken?: string | undefined
  /** ID token of an earlier sign-in. */
  readonly idTokenHint?: string | undefined
  /** Shown on both devices, so that the user can compare. */
  readonly bindingMessage?: string | undefined
  /** Requested authentication context class references, space-separated. */
  readonly acrValues?: string | undefined
  /** Secret code of the user, for servers that require one. */
  readonly userCode?: string | undefined
  /** Requested lifetime of the request, in seconds. */
  readonly requestedExpiry?: number | undefined
}

/** An authentication request that waits for the user's decision. */
export interface BackchannelAuthentication {
  /** Milliseconds since the epoch, device clock. */
  readonly expiresAt: number
  /** Polls until the user has decided. A client made by `createOAuthClient` is signed in afterwards. */
  poll(options?: PollOptions): Promise<TokenSet>
}

const BACKCHANNEL_ENDPOINT: Purpose = {
  name: 'backchannel authentication endpoint',
  invalid: 'invalid_response',
  refused: 'authorization_error',
  spec: 'OpenID Connect CIBA Core 1.0, section 7.3',
}

/**
 * Requests that a user who is elsewhere approves the sign-in on their own device (CIBA, poll mode).
 *
 * @throws ConfigurationError unless exactly one hint is given; ServerError authorization_error; NetworkError; ValidationError
 * @see OpenID Connect CIBA Core 1.0, section 7
 */
export function ciba(subject: GrantSubject, options: CibaOptions): Promise<BackchannelAuthentication> {
  return withTypedErrors(() => requestAuthentication(subject, options), subject)
}

async function requestAuthentication(subject: GrantSubject, options: CibaOptions): Promise<BackchannelAuthentication> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('ciba()', options, CIBA_OPTIONS, 'required')
  const { loginHint, loginHintToken, idTokenHint, bindingMessage, acrValues, userCode, requestedExpiry, ...further } = options
  checkHints([loginHint, loginHintToken, idTokenHint])
  const context = contextOf(subject)
  const scope = joinScope(further.scope ?? context.options.scope ?? 'openid')
  const body = await requestApproval(context, {
    ...further,
    scope,
    endpoint: 'backchannel_authentication_endpoint',
    purpose: BACKCHANNEL_ENDPOINT,
    parameters: {
      login_hint: loginHint,
      login_hint_token: loginHintToken,
      id_token_hint: idTokenHint,
      binding_message: bindingMessage,
      acr_values: acrValues,
      user_code: userCode,
      requested_expiry: requestedExpiry,
    },
  })
  const parameters = { auth_req_id: requiredMember(body, 'auth_req_id', BACKCHANNEL_ENDPOINT) }
  const expiresAt = context.environment.now() + secondsOf(body['expires_in'], 120) * 1000
  const request = {
    scope,
    clientAuth: further.clientAuth,
    grantType: 'urn:openid:params:grant-type:ciba',
    parameters,
    params: { scope: null },
    secrets: ['auth_req_id'],
  }
  return {
    expiresAt,
    poll(pollOptions = {}) {
      const spec = 'OpenID Connect CIBA Core 1.0, section 11'
      const input = { request, intervalSeconds: secondsOf(body['interval'], 5), expiresAt, spec }
      return signInWith(subject, (own, closed) => pollToken(own, input, pollOptions, closed))
    },
  }
}

/** @throws ConfigurationError configuration */
function checkHints(hints: ReadonlyArray<string | undefined>): void {
  if (hints.filter((hint) => hint !== undefined).length !== 1) {
    throw createError('configuration', 'Exactly one of "loginHint", "loginHintToken" and "idTokenHint" is required.', {
      hint: 'The hint identifies the user to the server.',
      spec: 'OpenID Connect CIBA Core 1.0, section 7.1',
    })
  }
}
