import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { refuseUnknownOptions } from '../errors/unknown-options.js'
import type { Purpose } from '../protocol/purpose.js'
import { webAddress } from '../protocol/server-errors.js'
import { joinScope } from '../protocol/scope.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf, type GrantSubject, signInWith, withTypedErrors } from './grant-subject.js'
import { POLL_OPTIONS, type PollOptions, pollToken } from './poll-token.js'
import { requestApproval, requiredMember, secondsOf } from './request-approval.js'
import { GRANT_OPTIONS, type GrantRequestOptions } from './request-grant.js'

/** What to show to the user, and how to wait for the decision. */
export interface DeviceAuthorization {
  /** Code that the user enters at `verificationUri`. */
  readonly userCode: string
  /** Address that the user opens on another device. */
  readonly verificationUri: string
  /** The address with the code in it, for a link or a QR code. */
  readonly verificationUriComplete: string | undefined
  /** Milliseconds since the epoch, device clock. */
  readonly expiresAt: number
  /** Polls until the user has decided. A client made by `createOAuthClient` is signed in afterwards. */
  poll(options?: PollOptions): Promise<TokenSet>
}

const DEVICE_AUTHORIZATION_ENDPOINT: Purpose = {
  name: 'device authorization endpoint',
  invalid: 'invalid_response',
  refused: 'authorization_error',
  spec: 'RFC 8628, section 3.2',
}

/**
 * Signs in on a device without a keyboard or browser: the user opens an address on another device and enters a code.
 *
 * @throws ConfigurationError unsupported; ServerError authorization_error; NetworkError; ValidationError invalid_response
 * @see RFC 8628
 */
export function deviceAuthorization(subject: GrantSubject, options: GrantRequestOptions = {}): Promise<DeviceAuthorization> {
  return withTypedErrors(() => requestAuthorization(subject, options), subject)
}

async function requestAuthorization(subject: GrantSubject, options: GrantRequestOptions): Promise<DeviceAuthorization> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('deviceAuthorization()', options, { ...GRANT_OPTIONS, ...POLL_OPTIONS })
  const context = contextOf(subject)
  const scope = joinScope(options.scope ?? context.options.scope)
  const body = await requestApproval(context, {
    ...options,
    scope,
    endpoint: 'device_authorization_endpoint',
    purpose: DEVICE_AUTHORIZATION_ENDPOINT,
    parameters: {},
  })
  const deviceCode = requiredMember(body, 'device_code', DEVICE_AUTHORIZATION_ENDPOINT)
  const verificationUri = requiredMember(body, 'verification_uri', DEVICE_AUTHORIZATION_ENDPOINT)
  if (!webAddress(verificationUri)) throw notWebAddress()
  const expiresAt = context.environment.now() + secondsOf(body['expires_in'], 600) * 1000
  const request = {
    scope,
    clientAuth: options.clientAuth,
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    parameters: { device_code: deviceCode },
    // The scope was requested above; here it only decides whether an ID token is expected.
    params: { scope: null },
    secrets: ['device_code'],
  }
  return {
    userCode: requiredMember(body, 'user_code', DEVICE_AUTHORIZATION_ENDPOINT),
    verificationUri,
    verificationUriComplete: webAddress(body['verification_uri_complete']),
    expiresAt,
    poll(pollOptions = {}) {
      const input = { request, intervalSeconds: secondsOf(body['interval'], 5), expiresAt, spec: 'RFC 8628, section 3.5' }
      return signInWith(subject, (own, closed) => pollToken(own, input, pollOptions, closed))
    },
  }
}

/** The app shows it as a link. */
function notWebAddress(): OAuthClientError {
  return createError(
    'invalid_response',
    'The "verification_uri" of the device authorization response is not an http or https URL.',
    {
      hint: 'The server must send the address that the user opens.',
      spec: DEVICE_AUTHORIZATION_ENDPOINT.spec,
    },
  )
}
