import type { Emitter } from '../platform/emitter.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { SessionEvents } from '../session/session-options.js'
import type { Session } from '../session/session.js'
import type { endKey } from './end-dpop-key.js'

/** What the end of a DPoP key needs of a client that uses DPoP. */
export interface KeyParts {
  readonly context: ProtocolContext
  readonly session: Pick<Session, 'state'>
  readonly events: Emitter<SessionEvents>
  readonly loadRareCalls: () => Promise<{ readonly endKey: typeof endKey }>
}

/** Ends the key with every session that ends without `logout()`, and uses the key of a session that began in another tab. */
export function endKeyWithSession({ context, session, events, loadRareCalls }: KeyParts): void {
  const end = (isStored: boolean): void =>
    void loadRareCalls().then(
      (calls) => calls.endKey(context, isStored),
      () => undefined,
    )
  let signedInAt = session.state.tokenSet?.signedInAt
  events.on('signed-out', ({ reason, error }) => {
    // With claims that only this tab cannot read, the session goes on in others.
    const isOver = reason !== 'other-tab' && error?.code !== 'invalid_claims'
    // `signOutAtServer` ends it at a sign-out, also for a session that was not read yet.
    if (reason !== 'logout') end(isOver)
  })
  events.on('token-set', ({ tokenSet, reason }) => {
    if (reason === 'adopted' && tokenSet.signedInAt !== signedInAt) end(false)
    signedInAt = tokenSet.signedInAt
  })
}
