import type { Emitter } from '../platform/emitter.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { Session, SessionMoment } from '../session/session.js'
import { establishSession } from '../session/write-session.js'
import type { LoginResult, SignInEvents } from './sign-in-options.js'

/** What the end of a sign-in needs of a client. */
export interface FinishParts {
  readonly context: Pick<ProtocolContext, 'environment' | 'clockOffsetSeconds'>
  readonly session: Session
  readonly events: Emitter<SignInEvents>
}

/** The checked tokens of one sign-in. */
export interface SignInTokens {
  readonly tokenSet: TokenSet
  readonly reason: TokenSetReason
  readonly returnTo: string
  /** Only if the stored session still has this revision. */
  readonly expectedRevision?: string | undefined
  /** Called when the session is stored, and before it is shown. */
  readonly beforeShown?: (() => Promise<void>) | undefined
}

/**
 * Ends every sign-in, by whatever way its tokens came: writes the session and emits `signed-in`.
 *
 * @param startedAt when the sign-in started
 * @returns undefined if the user signed out in the meantime: the tokens are dropped, without an error
 */
export async function finishSignIn(
  { context, session, events }: FinishParts,
  { tokenSet: received, reason, returnTo, expectedRevision, beforeShown }: SignInTokens,
  startedAt: SessionMoment,
): Promise<LoginResult | undefined> {
  // To the millisecond: it tells the sessions of two users apart where no ID token does.
  const signedInAt = Math.round(context.environment.now() + context.clockOffsetSeconds() * 1000) / 1000
  const tokenSet = { ...received, signedInAt }
  if (!(await establishSession(session, { tokenSet, reason, beforeShown }, startedAt, expectedRevision)))
    return dropLateResponse({ session, events })

  events.emit('signed-in', { tokenSet, returnTo })
  return { tokenSet, returnTo }
}

/** The user signed out while the response was in flight: it is dropped, without an error. */
export async function dropLateResponse({ session, events }: Pick<FinishParts, 'session' | 'events'>): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'the session was ended while this response was on its way' })
  await session.adopt()
  if (session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
  return undefined
}
