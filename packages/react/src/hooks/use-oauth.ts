'use client'
import type {
  LoginOptions,
  LoginResult,
  LogoutOptions,
  LogoutResult,
  OAuthClient,
  OAuthClientError,
  SessionActivity,
  SessionState,
} from '@latchkey/core'
import { useMemo, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName, RegisteredClaims } from '../provider/register.js'
import { SERVER_STATE, useSessionState } from './use-session-state.js'

/** Members that exist whether or not a user is signed in. */
interface OAuthBase<Claims> {
  /** What the client is doing; it never hides `status`. */
  readonly activity: SessionActivity
  /** The last failure, until the next attempt. */
  readonly error: OAuthClientError | undefined
  /** Signs in. For a popup, call it inside the click handler. A failure is also in `error`, so the promise may be ignored. */
  readonly login: (options?: LoginOptions) => Promise<LoginResult | undefined>
  /** Signs out in this app at once, then at the authorization server if it has an end session endpoint. */
  readonly logout: (options?: LogoutOptions) => Promise<LogoutResult>
  /** The client itself, for everything else. */
  readonly client: OAuthClient<Claims>
}

/** Describes what `useOAuth` returns while a user is signed in. */
export interface SignedInOAuthResult<Claims = RegisteredClaims> extends OAuthBase<Claims> {
  /** A user is signed in. */
  readonly status: 'signed-in'
  /** True exactly when `status` is `signed-in`. */
  readonly isSignedIn: true
  /** The claims of the validated ID token. The same object until the claims change. */
  readonly claims: Claims
}

/** Describes what `useOAuth` returns while no user is signed in, or while the session is being restored. */
export interface NotSignedInOAuthResult<Claims = RegisteredClaims> extends OAuthBase<Claims> {
  /** `restoring` until the stored session is read, then `signed-out`. */
  readonly status: 'restoring' | 'signed-out'
  /** True exactly when `status` is `signed-in`. */
  readonly isSignedIn: false
  /** There are no claims without a user. */
  readonly claims?: undefined
}

/** Describes what `useOAuth` returns; `isSignedIn` and `status` narrow it. */
export type UseOAuthResult<Claims = RegisteredClaims> = SignedInOAuthResult<Claims> | NotSignedInOAuthResult<Claims>

/** The members of the result that change with the session. */
interface Facts<Claims> {
  readonly status: SessionState<Claims>['status']
  readonly isSignedIn: boolean
  readonly activity: SessionActivity
  readonly claims: Claims | undefined
  readonly error: OAuthClientError | undefined
}

type Actions<Claims> = Pick<OAuthBase<Claims>, 'login' | 'logout' | 'client'>

/** One result, and the facts that were read from it, with the values that were read first. */
interface Tracked<Claims> {
  readonly actions: Actions<Claims>
  readonly isOnServer: boolean
  readonly read: ReadonlyMap<keyof Facts<Claims>, unknown>
  readonly result: UseOAuthResult<Claims>
}

/**
 * Returns the session and the functions to sign in and out. The component renders only when a member that it has read changes: one
 * that reads `claims` does not render when the token is refreshed. The result is the same object until such a member changes.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function useOAuth<Claims = RegisteredClaims>(name?: ClientName): UseOAuthResult<Claims> {
  const client = useClient<Claims>(name)
  const actions = useMemo(
    () => ({
      login: (options?: LoginOptions) => client.login(options),
      logout: (options?: LogoutOptions) => client.logout(options),
      client,
    }),
    [client],
  )
  const [reuseOrTrack] = useState(() => createResults<Claims>())
  // Of this render: a later one that React discards may read other facts.
  const tracked = reuseOrTrack(actions, client.getSnapshot())
  const state = useSessionState<SessionState<Claims>, Claims>(client, identity, (_rendered, next) => isUnchanged(tracked, next))
  return (state === SERVER_STATE ? reuseOrTrack(actions, state) : tracked).result
}

/** Returns a function that returns the former result as long as what was read from it is unchanged. */
function createResults<Claims>(): (actions: Actions<Claims>, state: SessionState<Claims>) => Tracked<Claims> {
  let latest: Tracked<Claims> | undefined
  return (actions, state) => {
    const isOnServer = state === SERVER_STATE
    const isReusable = latest?.actions === actions && latest.isOnServer === isOnServer && isUnchanged(latest, state)
    if (!latest || !isReusable) latest = track(actions, isOnServer)
    return latest
  }
}

function isUnchanged<Claims>({ read }: Tracked<Claims>, state: SessionState<Claims>): boolean {
  const facts = factsOf(state)
  return [...read].every(([fact, value]) => facts[fact] === value)
}

/** Creates a result whose getters record which facts are read; only those are compared when the state changes. */
function track<Claims>(actions: Actions<Claims>, isOnServer: boolean): Tracked<Claims> {
  const read = new Map<keyof Facts<Claims>, unknown>()
  const get = <Fact extends keyof Facts<Claims>>(fact: Fact): Facts<Claims>[Fact] => {
    // An event handler may be the first to read a fact, which then may have changed without a render: return the current one.
    const value = factsOf<Claims>(isOnServer ? SERVER_STATE : actions.client.getSnapshot())[fact]
    if (!read.has(fact)) read.set(fact, value)
    return value
  }
  const facts: Facts<Claims> = {
    get status() {
      return get('status')
    },
    get isSignedIn() {
      return get('isSignedIn')
    },
    get activity() {
      return get('activity')
    },
    get claims() {
      return get('claims')
    },
    get error() {
      return get('error')
    },
  }
  // All facts come from one state, so they form one member of the union.
  return { actions, isOnServer, read, result: Object.assign(facts, actions) as UseOAuthResult<Claims> }
}

function identity<State>(state: State): State {
  return state
}

function factsOf<Claims>(state: SessionState<Claims>): Facts<Claims> {
  const { status, activity, claims, error } = state
  return { status, isSignedIn: status === 'signed-in', activity, claims, error }
}
