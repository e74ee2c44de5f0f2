import type { UserInfoOptions } from './fetch-options.js'
import type { UserClaims } from '../protocol/claims.js'
import { createError } from '../errors/create-error.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { Session } from '../session/session.js'
import { ServerError, SessionError } from '../errors/errors.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { fetchUserInfo } from '../protocol/userinfo.js'
import { mayRenewFor, noteRefusedRenewal, type TokenTarget } from './refused-renewals.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'

type GetToken = (options: AccessTokenOptions) => Promise<AccessToken>

interface UserInfoParts {
  readonly context: ProtocolContext
  readonly session: Session
  /** Aborted when the session of the call ends. */
  readonly signal: AbortSignal
}

/**
 * Requests UserInfo with the session's token. If the endpoint refuses the token as invalid, it is refreshed once, as `fetch` does, unless
 * another call has refreshed it already. The call belongs to the session in which it was made: it ends with that.
 *
 * @throws SessionError missing_token, token_invalid; ServerError userinfo_error with the server's words; NetworkError
 * @see OpenID Connect Core 1.0, section 5.3.3; RFC 6750, section 3.1
 */
export async function readUserInfo(parts: UserInfoParts, accessToken: GetToken, options: UserInfoOptions): Promise<UserClaims> {
  const { signal } = parts
  const both = options.signal ? AbortSignal.any([options.signal, signal]) : signal
  const claims = readClaims(parts, accessToken, { ...options, signal: both })
  await Promise.allSettled([claims])
  if (signal.aborted && !options.signal?.aborted) throw createError('missing_token')
  return claims
}

async function readClaims(
  { context, session }: Omit<UserInfoParts, 'signal'>,
  accessToken: GetToken,
  options: UserInfoOptions,
): Promise<UserClaims> {
  const present = (): TokenSet => {
    options.signal?.throwIfAborted()
    if (!session.state.tokenSet) throw createError('missing_token')
    return session.state.tokenSet
  }
  await accessToken(options)
  const refused = present()
  const target = (): TokenTarget => ({ session: session.signal, address: 'userinfo', now: context.environment.now() })
  try {
    return await fetchUserInfo(context, refused, options)
  } catch (refusal) {
    if (!isInvalidToken(refusal) || !mayRenewFor(target())) throw refusal
    const isCurrent = present().accessToken === refused.accessToken
    await accessToken({ ...options, forceRefresh: isCurrent }).catch((cause: unknown) => {
      // The token cannot be refreshed, so the endpoint's response says more.
      throw cause instanceof SessionError ? refusal : cause
    })
    return fetchUserInfo(context, present(), options).catch((cause: unknown) => {
      if (isInvalidToken(cause)) noteRefusedRenewal(target())
      throw cause
    })
  }
}

/** A 401 without a readable error is treated as `invalid_token`. */
function isInvalidToken(error: unknown): boolean {
  return error instanceof ServerError && error.status === 401 && (error.error ?? 'invalid_token') === 'invalid_token'
}
