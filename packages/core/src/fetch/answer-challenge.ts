import type { WWWAuthenticateChallenge } from 'oauth4webapi'
import { SessionError } from '../errors/errors.js'
import type { Environment } from '../platform/environment.js'
import { readBase64Json } from '../platform/base64-json.js'
import { isRecord } from '../platform/is-record.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { errorIn, readChallenges } from '../protocol/challenges.js'
import type { ClaimsRequest } from '../protocol/protocol-options.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'
import { mayRenewFor, noteRefusedRenewal, type TokenTarget } from './refused-renewals.js'

/** What a resource requires of another sign-in. */
export interface StepUpRequest {
  readonly acrValues?: string | undefined
  readonly maxAge?: number | undefined
  readonly scope?: string | undefined
  readonly claims?: ClaimsRequest | undefined
}

type StepUpResult = { readonly tokenSet: TokenSet } | undefined

/** What the response to a challenge needs of a client. */
export interface StepUpParts {
  readonly context: { readonly environment: Pick<Environment, 'now'> }
  /** Aborted when the session ends. */
  readonly sessionSignal: () => AbortSignal
  readonly accessToken: (options: AccessTokenOptions) => Promise<AccessToken>
  readonly tokenSet?: (() => TokenSet | undefined) | undefined
  /** Signs in again with what the resource requires; undefined if that is not allowed. */
  readonly stepUp?: ((request: StepUpRequest) => Promise<StepUpResult>) | undefined
}

/** A response with status 401 or 403. */
export interface Refusal {
  readonly response: Response
  /** Origin of the resource. */
  readonly origin: string
  /** With which the token was requested. */
  readonly options: AccessTokenOptions
  /** The token that was sent. */
  readonly refused: AccessToken
  /** Sends the same request with another token. */
  readonly resend: (token: AccessToken) => Promise<Response>
}

/**
 * Gets what a resource requires and sends the request once more.
 *
 * @returns the response to the second request, or the refusal if it is final
 * @throws NetworkError if the new token could not be fetched because of a transient failure
 */
export async function answerChallenge(parts: StepUpParts, refusal: Refusal): Promise<Response> {
  const { response, origin, resend } = refusal
  const session = parts.sessionSignal()
  const target = (): TokenTarget => ({ session, address: origin, now: parts.context.environment.now() })
  const better = await getBetterToken(parts, refusal, target)
  if (!better) return response
  await response.body?.cancel()
  const second = await resend(better)
  if (second.status === 401) noteRefusedRenewal(target())
  return second
}

/**
 * Gets what a resource requires: another token, a stronger or fresher sign-in, or a wider scope.
 *
 * @returns undefined if the refusal is final
 * @throws NetworkError if the new token could not be fetched because of a transient failure
 * @see RFC 6750, section 3.1; RFC 9470, sections 3 and 4
 */
async function getBetterToken(
  parts: StepUpParts,
  { response, options, refused }: Refusal,
  target: () => TokenTarget,
): Promise<AccessToken | undefined> {
  const challenge = errorIn(await readChallenges(response))
  try {
    switch (challenge?.error) {
      case undefined:
      case 'invalid_token':
        return response.status === 401 ? await refreshed(parts, options, refused, target) : undefined
      case 'insufficient_user_authentication':
        return await signInStronger(parts, options, challenge, refused)
      case 'insufficient_claims':
        return await signInWithClaims(parts, options, challenge['claims'], refused)
      case 'insufficient_scope':
        return await signInWider(parts, options, challenge.scope, refused)
      default:
        return undefined
    }
  } catch (cause) {
    options.signal?.throwIfAborted()
    // The token cannot be refreshed, or the user did not sign in again: then the resource's response is final.
    if (cause instanceof SessionError || parts.stepUp) return undefined
    throw cause
  }
}

/** Another call may have refreshed the token while this response was in flight. */
async function refreshed(
  parts: StepUpParts,
  options: AccessTokenOptions,
  refused: AccessToken,
  target: () => TokenTarget,
): Promise<AccessToken | undefined> {
  const present = await parts.accessToken(options)
  if (present.accessToken !== refused.accessToken) return present
  if (!mayRenewFor(target())) return undefined
  return parts.accessToken({ ...options, forceRefresh: true }).catch((cause: unknown) => {
    if (cause instanceof SessionError) noteRefusedRenewal(target())
    throw cause
  })
}

type Challenge = WWWAuthenticateChallenge['parameters']

/** The sign-in must be as strong as requested. @see RFC 9470, section 4 */
async function signInStronger(
  parts: StepUpParts,
  options: AccessTokenOptions,
  challenge: Challenge,
  refused: AccessToken,
): Promise<AccessToken | undefined> {
  const acrValues = challenge['acr_values']
  const maxAge = Number(challenge['max_age'] ?? Number.NaN)
  const result = await signInOnce(parts, [refused.accessToken, acrValues, maxAge], () => ({
    acrValues,
    maxAge: Number.isInteger(maxAge) && maxAge >= 0 ? maxAge : undefined,
  }))
  const acr = result?.tokenSet.claims?.acr
  const isStrong = acrValues === undefined || (acr !== undefined && acrValues.split(' ').includes(acr))
  return result && isStrong ? parts.accessToken(options) : undefined
}

/**
 * A claims challenge: the resource names the claims that the token must have, as base64url-encoded JSON. It is not of a specification;
 * Microsoft's APIs send it when a policy requires more of the user, or when a session was revoked.
 *
 * @see OpenID Connect Core 1.0, section 5.5
 */
async function signInWithClaims(
  parts: StepUpParts,
  options: AccessTokenOptions,
  encoded: string | undefined,
  refused: AccessToken,
): Promise<AccessToken | undefined> {
  const claims = readBase64Json(encoded)
  if (!isRecord(claims)) return undefined
  const result = await signInOnce(parts, [refused.accessToken, encoded], () => ({ claims }))
  return result && parts.accessToken(options)
}

/** Requests the granted scope again as well, so that nothing is lost. @see RFC 6750, section 3.1 */
async function signInWider(
  parts: StepUpParts,
  options: AccessTokenOptions,
  missing: string | undefined,
  refused: AccessToken,
): Promise<AccessToken | undefined> {
  if (missing === undefined) return undefined
  const result = await signInOnce(parts, [refused.accessToken, missing], () => ({
    scope: [...new Set(`${parts.tokenSet?.()?.scope ?? ''} ${missing}`.split(' ').filter(Boolean))].join(' '),
  }))
  return result && parts.accessToken(options)
}

interface StepUp {
  readonly reason: string
  readonly result: Promise<StepUpResult>
}

/** The latest one of each client. */
const stepUps = new WeakMap<StepUpParts, StepUp>()

/**
 * Starts one sign-in for all calls that are refused with the same token for the same reason, even if a refusal arrives after it. A
 * sign-in for another reason waits for it. One that failed may be tried again.
 *
 * @param createRequest called when the sign-in starts, since the one before may have widened the scope
 */
function signInOnce(parts: StepUpParts, reasons: readonly unknown[], createRequest: () => StepUpRequest): StepUp['result'] {
  const reason = JSON.stringify(reasons)
  const former = stepUps.get(parts)
  if (former?.reason === reason) return former.result
  const signIn = async (): StepUp['result'] => {
    await former?.result.catch(() => undefined)
    return parts.stepUp?.(createRequest())
  }
  const forget = (): void => {
    if (stepUps.get(parts)?.result === result) stepUps.delete(parts)
  }
  const result = signIn()
  stepUps.set(parts, { reason, result })
  result.then((outcome) => outcome ?? forget(), forget)
  return result
}
