'use client'
import type { LoginOptions, LoginResult, LogoutOptions, LogoutResult, OAuthClient, OAuthClientError } from '@latchkey/core'
import type { SessionActivity, SessionState } from '@latchkey/core'
import { useMemo } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName, RegisteredClaims } from '../provider/register.js'
import { serverState, useSessionState } from './use-session-state.js'

interface OAuthBase<Claims> {
  /** What is going on; it never hides `status`. */
  readonly activity: SessionActivity
  /** The last failure, until the next attempt. */
  readonly error: OAuthClientError | undefined
  /** Call it inside the click for a popup. A failure is in `error` too: who does not await the promise misses nothing. */
  readonly login: (options?: LoginOptions) => Promise<LoginResult | undefined>
  readonly logout: (options?: LogoutOptions) => Promise<LogoutResult>
  readonly client: OAuthClient<Claims>
}

export interface SignedInOAuth<Claims = RegisteredClaims> extends OAuthBase<Claims> {
  readonly status: 'signed-in'
  readonly isSignedIn: true
  /** The claims of the checked ID token. Same object until the claims change. */
  readonly claims: Claims
}

export interface NotSignedInOAuth<Claims = RegisteredClaims> extends OAuthBase<Claims> {
  readonly status: 'restoring' | 'signed-out'
  readonly isSignedIn: false
  readonly claims?: undefined
}

export type OAuth<Claims = RegisteredClaims> = SignedInOAuth<Claims> | NotSignedInOAuth<Claims>

interface Facts<Claims> {
  readonly status: SessionState<Claims>['status']
  readonly isSignedIn: boolean
  readonly activity: SessionActivity
  readonly claims: Claims | undefined
  readonly error: OAuthClientError | undefined
}

/**
 * The session, and what can be done with it. The component renders when something it has read changes, and for nothing else: one
 * that reads `claims` does not render when the token is refreshed.
 *
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a name it does not know
 */
export function useOAuth<Claims = RegisteredClaims>(name?: ClientName): OAuth<Claims> {
  const client = useClient<Claims>(name)
  const facts = useReadFacts(client)
  const actions = useMemo(
    () => ({
      login: (options?: LoginOptions) => client.login(options),
      logout: (options?: LogoutOptions) => client.logout(options),
      client,
    }),
    [client],
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the facts come from one state, and so keep its union
  return Object.assign(facts, actions) as OAuth<Claims>
}

/** The facts as getters that remember what was read: only that is compared when the state changes. */
function useReadFacts<Claims>(client: OAuthClient<Claims>): Facts<Claims> {
  const read = new Set<keyof Facts<Claims>>()
  const state = useSessionState<SessionState<Claims>, Claims>(client, whole, (rendered, next) =>
    [...read].every((fact) => factsOf(rendered)[fact] === factsOf(next)[fact]),
  )
  const get = <Fact extends keyof Facts<Claims>>(fact: Fact): Facts<Claims>[Fact] => {
    read.add(fact)
    // What was not read before may have changed without a render (an event handler reads it first): the newest is the truth.
    return factsOf(state === serverState ? state : client.getSnapshot())[fact]
  }
  return {
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
}

function whole<State>(state: State): State {
  return state
}

function factsOf<Claims>(state: SessionState<Claims>): Facts<Claims> {
  const { status, activity, claims, error } = state
  return { status, isSignedIn: status === 'signed-in', activity, claims, error }
}
