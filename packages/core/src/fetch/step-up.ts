import type { WWWAuthenticateChallenge } from 'oauth4webapi'
import { SessionError } from '../errors/errors.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import type { LoginOptions, LoginResult } from '../sign-in/sign-in-options.js'
import { errorIn, readChallenges } from '../protocol/challenges.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'

export interface ChallengeParts {
  readonly accessToken: (options: AccessTokenOptions) => Promise<AccessToken>
  readonly tokenSet?: () => TokenSet | undefined
  /** Signs in again with what the resource asks for; undefined where that is not allowed. */
  readonly stepUp?: ((options: LoginOptions) => Promise<LoginResult | undefined>) | undefined
}

/**
 * What a resource's refusal asks for: another token, a stronger or fresher sign-in, or a wider scope.
 *
 * @param options the token was asked for with
 * @param refused the token that was sent
 * @returns the token to send the same request again with; undefined when the refusal is the answer
 * @throws NetworkError when the new token could not be fetched for now
 * @see RFC 6750, section 3.1; RFC 9470, sections 3 and 4
 */
export async function answerChallenge(
  parts: ChallengeParts,
  response: Response,
  options: AccessTokenOptions,
  refused: AccessToken,
): Promise<AccessToken | undefined> {
  const wanted = errorIn(await readChallenges(response))
  try {
    switch (wanted?.error) {
      case undefined:
      case 'invalid_token':
        return response.status === 401 ? await renewed(parts, options, refused) : undefined
      case 'insufficient_user_authentication':
        return await signInStronger(parts, options, wanted, refused)
      case 'insufficient_scope':
        return await signInWider(parts, options, wanted.scope, refused)
      default:
        return undefined
    }
  } catch (cause) {
    options.signal?.throwIfAborted()
    // Nobody can renew this token, or the person did not sign in again: then the resource's own answer stands.
    if (cause instanceof SessionError || parts.stepUp) return undefined
    throw cause
  }
}

/** Another call may have had it renewed while this refusal was on its way. */
async function renewed(parts: ChallengeParts, options: AccessTokenOptions, refused: AccessToken): Promise<AccessToken> {
  const present = await parts.accessToken(options)
  return present.accessToken === refused.accessToken ? parts.accessToken({ ...options, forceRefresh: true }) : present
}

type Wanted = WWWAuthenticateChallenge['parameters']

/** @see RFC 9470, section 4: the answer counts only if it is as strong as was asked */
async function signInStronger(
  parts: ChallengeParts,
  options: AccessTokenOptions,
  wanted: Wanted,
  refused: AccessToken,
): Promise<AccessToken | undefined> {
  const acrValues = wanted['acr_values']
  const maxAge = Number(wanted['max_age'] ?? Number.NaN)
  const result = await signInOnce(parts, [refused.accessToken, acrValues, maxAge], () => ({
    ...(acrValues === undefined ? {} : { acrValues }),
    ...(Number.isInteger(maxAge) && maxAge >= 0 ? { maxAge } : {}),
  }))
  const acr = result?.tokenSet.claims?.acr
  const isStrong = acrValues === undefined || (acr !== undefined && acrValues.split(' ').includes(acr))
  return result && isStrong ? parts.accessToken(options) : undefined
}

/** What was granted before is asked for again, so that nothing is lost. @see RFC 6750, section 3.1 */
async function signInWider(
  parts: ChallengeParts,
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
  readonly result: Promise<LoginResult | undefined>
}

/** The last one of each client. */
const stepUps = new WeakMap<ChallengeParts, StepUp>()

/**
 * One sign-in for all calls that are refused with the same token for the same reason, also for one whose refusal comes when the
 * sign-in is over. One for another reason waits its turn. One that failed may be tried again.
 *
 * @param options are asked for when the turn has come, since the one before may have widened the scope
 */
function signInOnce(parts: ChallengeParts, reasons: readonly unknown[], options: () => LoginOptions): StepUp['result'] {
  const reason = JSON.stringify(reasons)
  const former = stepUps.get(parts)
  if (former?.reason === reason) return former.result
  const signIn = async (): StepUp['result'] => {
    await former?.result.catch(() => undefined)
    return parts.stepUp?.(options())
  }
  const forget = (): void => {
    if (stepUps.get(parts)?.result === result) stepUps.delete(parts)
  }
  const result = signIn()
  stepUps.set(parts, { reason, result })
  result.then((outcome) => outcome ?? forget(), forget)
  return result
}
