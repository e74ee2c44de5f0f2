import { InteractionError, NetworkError, SessionError } from '../errors/errors.js'
import type { Environment } from '../platform/environment.js'
import { readBase64Json } from '../platform/base64.js'
import { isRecord } from '../platform/is-record.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { readChallengeError } from '../protocol/challenge-error.js'
import type { ChallengeParameters, ProtocolLoaders } from '../protocol/protocol-context.js'
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
  /** @returns no promise if a fresh token is there: then a call waits for nothing but its response */
  readonly accessToken: (options: AccessTokenOptions) => AccessToken | Promise<AccessToken>
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
  /** Aborted when the session of the call ends. */
  readonly session: AbortSignal
  /** Sends the same request with another token. */
  readonly resend: (token: AccessToken) => Promise<Response>
}

/**
 * Gets what a resource requires and sends the request once more.
 *
 * @returns the response to the second request, or the refusal if it is final
 * @throws NetworkError if the new token could not be fetched because of a transient failure
 */
export async function answerChallenge(
  parts: StepUpParts,
  refusal: Refusal,
  loadParser: ProtocolLoaders['oauth4webapi'],
): Promise<Response> {
  const { response, resend } = refusal
  const challenge = await readChallengeError(loadParser, response)
  const answer: Answer = { ...refusal, challenge, target: () => targetOf(parts, refusal, challenge?.error) }
  const better = await getBetterToken(parts, answer)
  if (!better) return response
  const target = answer.target()
  // Without an ID token the new sign-in ends the session of the call, and with it a body that has not been read.
  await response.body?.cancel().catch(() => undefined)
  const second = await resend(better)
  if (second.status === 401 || (second.status === 403 && isStepUp(challenge?.error))) noteRefusedRenewal(target)
  return second
}

/** A refusal, as it was read. */
interface Answer extends Refusal {
  readonly challenge: ChallengeParameters | undefined
  /** The place that remembers attempts in vain. */
  readonly target: () => TokenTarget
}

/** A stronger sign-in is remembered apart from a refresh, and in the session that it began: without an ID token, that is another one. */
function targetOf(parts: StepUpParts, { session, origin }: Refusal, error: string | undefined): TokenTarget {
  const now = parts.context.environment.now()
  return isStepUp(error)
    ? { session: parts.sessionSignal(), address: `${origin} ${error}`, now }
    : { session, address: origin, now }
}

function canRetry(cause: unknown): boolean {
  return cause instanceof InteractionError || cause instanceof NetworkError
}

function isStepUp(error: string | undefined): boolean {
  return error?.startsWith('insufficient_') === true
}

/**
 * Gets what a resource requires: another token, a stronger or fresher sign-in, or a wider scope.
 *
 * @returns undefined if the refusal is final
 * @throws NetworkError if the new token could not be fetched because of a transient failure
 * @see RFC 6750, section 3.1; RFC 9470, sections 3 and 4
 */
async function getBetterToken(parts: StepUpParts, answer: Answer): Promise<AccessToken | undefined> {
  const { response, options, challenge } = answer
  try {
    switch (challenge?.error) {
      case undefined:
      case 'invalid_token':
        return response.status === 401 ? await refreshed(parts, answer) : undefined
      case 'insufficient_user_authentication':
        return await signInStronger(parts, answer, challenge)
      case 'insufficient_claims':
        return await signInWithClaims(parts, answer, challenge['claims'])
      case 'insufficient_scope':
        return await signInWider(parts, answer, challenge.scope)
      default:
        return undefined
    }
  } catch (cause) {
    options.signal?.throwIfAborted()
    // A user who closed the popup may try again; a server that refuses the sign-in gets no request for each call.
    if (isStepUp(challenge?.error) && !canRetry(cause)) noteRefusedRenewal(answer.target())
    // The token cannot be refreshed, or the user did not sign in again: then the resource's response is final.
    if (cause instanceof SessionError || parts.stepUp) return undefined
    throw cause
  }
}

/** Another call may have refreshed the token while this response was in flight. */
async function refreshed(parts: StepUpParts, { options, refused, session, target }: Answer): Promise<AccessToken | undefined> {
  // Not even requested for another user, who has signed in while the chunk of this function was loaded.
  if (session.aborted) return undefined
  const present = await parts.accessToken(options)
  // The token of another user is no better one for this request.
  if (session.aborted) return undefined
  if (present.accessToken !== refused.accessToken) return present
  if (!mayRenewFor(target())) return undefined
  const renewed = await Promise.resolve(parts.accessToken({ ...options, forceRefresh: true })).catch((cause: unknown) => {
    if (cause instanceof SessionError) noteRefusedRenewal(target())
    throw cause
  })
  return session.aborted ? undefined : renewed
}

/** The sign-in must be as strong as requested. @see RFC 9470, section 4 */
async function signInStronger(
  parts: StepUpParts,
  answer: Answer,
  challenge: ChallengeParameters,
): Promise<AccessToken | undefined> {
  const acrValues = challenge['acr_values']
  const maxAge = Number(challenge['max_age'] ?? Number.NaN)
  const tokenSet = await signInOnce(parts, answer, [acrValues, maxAge], () => ({
    acrValues,
    maxAge: Number.isInteger(maxAge) && maxAge >= 0 ? maxAge : undefined,
  }))
  if (!tokenSet) return undefined
  const acr = tokenSet.claims?.acr
  const isStrong = acrValues === undefined || (acr !== undefined && acrValues.split(' ').includes(acr))
  if (isStrong) return parts.accessToken(answer.options)
  noteRefusedRenewal(answer.target())
  return undefined
}

/**
 * A claims challenge: the resource names the claims that the token must have, as base64url-encoded JSON. It is not of a specification;
 * Microsoft's APIs send it when a policy requires more of the user, or when a session was revoked.
 *
 * @see OpenID Connect Core 1.0, section 5.5
 */
async function signInWithClaims(
  parts: StepUpParts,
  answer: Answer,
  encoded: string | undefined,
): Promise<AccessToken | undefined> {
  const claims = readBase64Json(encoded)
  if (!isRecord(claims)) return undefined
  return (await signInOnce(parts, answer, [encoded], () => ({ claims }))) && parts.accessToken(answer.options)
}

/** Requests the granted scope again as well, so that nothing is lost. @see RFC 6750, section 3.1 */
async function signInWider(parts: StepUpParts, answer: Answer, missing: string | undefined): Promise<AccessToken | undefined> {
  if (missing === undefined) return undefined
  const tokenSet = await signInOnce(parts, answer, [missing], () => ({
    scope: [...new Set(`${parts.tokenSet?.()?.scope ?? ''} ${missing}`.split(' ').filter(Boolean))].join(' '),
  }))
  return tokenSet && parts.accessToken(answer.options)
}

interface StepUp {
  readonly reason: string
  readonly result: Promise<StepUpResult>
}

/** The latest one of each client. */
const stepUps = new WeakMap<StepUpParts, StepUp>()

/**
 * Starts one sign-in for all calls that are refused with the same token for the same reason, even if a refusal arrives after it. A
 * sign-in for another reason waits for it. One that failed may be tried again; after one that did not help, none starts for a minute.
 *
 * @param createRequest called when the sign-in starts, since the one before may have widened the scope
 * @returns undefined too if another user signed in: the request is not that user's
 */
async function signInOnce(
  parts: StepUpParts,
  { refused, session, target }: Answer,
  reasons: readonly unknown[],
  createRequest: () => StepUpRequest,
): Promise<TokenSet | undefined> {
  const reason = JSON.stringify([refused.accessToken, ...reasons])
  const former = stepUps.get(parts)
  const signIn = async (): StepUp['result'] => {
    await former?.result.catch(() => undefined)
    return mayRenewFor(target()) ? parts.stepUp?.(createRequest()) : undefined
  }
  const isSame = former?.reason === reason
  if (!isSame && session.aborted) return undefined
  const result = isSame ? former.result : signIn()
  if (!isSame) remember(parts, { reason, result })
  const tokenSet = (await result)?.tokenSet
  return session.aborted && tokenSet?.claims ? undefined : tokenSet
}

function remember(parts: StepUpParts, stepUp: StepUp): void {
  const forget = (): void => {
    if (stepUps.get(parts) === stepUp) stepUps.delete(parts)
  }
  stepUps.set(parts, stepUp)
  stepUp.result.then((outcome) => outcome ?? forget(), forget)
}
