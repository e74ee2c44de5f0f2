import { reduce, type ClientEvents, type OAuthClientError, type SessionEvent, type SessionState } from '@latchkey/core'
import { stateOf, type TestSession } from './test-session.js'

/** State and listeners of a test client. */
export interface TestStore {
  readonly getSnapshot: () => SessionState
  readonly subscribe: (listener: () => void) => () => void
  readonly on: <Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void) => () => void
  readonly emit: <Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]) => void
  readonly dispatch: (event: SessionEvent) => void
  /** Puts the error into the state, and emits it. */
  readonly fail: (error: OAuthClientError) => void
  readonly setSession: (session: TestSession<unknown>) => void
}

/** Creates the state and the listeners of a test client. */
export function createTestStore(session: TestSession<unknown>): TestStore {
  let state = stateOf(session)
  const listeners = new Set<() => void>()
  const events = new EventTarget()
  const setState = (next: SessionState): void => {
    if (next === state) return
    const [formerSubject, subject] = [state.tokenSet?.claims?.sub, next.tokenSet?.claims?.sub]
    const isOtherUser = state.status === 'signed-in' && next.status === 'signed-in' && formerSubject !== subject
    if (isOtherUser) store.emit('user-changed', { formerSubject, subject })
    state = next
    for (const listener of listeners) listener()
  }
  const store: TestStore = {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    on(name, listener) {
      const handle = (event: Event): void => {
        if (event instanceof CustomEvent) listener(event.detail)
      }
      events.addEventListener(name, handle)
      return () => events.removeEventListener(name, handle)
    },
    emit: (name, detail) => void events.dispatchEvent(new CustomEvent(name, { detail })),
    dispatch: (event) => setState(reduce(state, event)),
    fail(error) {
      store.dispatch({ type: 'failed', error })
      store.emit('error', { error })
    },
    setSession(next) {
      const wasSignedIn = state.status === 'signed-in'
      setState(stateOf(next))
      if (wasSignedIn && state.status === 'signed-out') store.emit('signed-out', { reason: 'other-tab' })
    },
  }
  return store
}
