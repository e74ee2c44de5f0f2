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
import { useState, useSyncExternalStore } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClaimsFor, ClientName, RegisteredClaims } from '../provider/register.js'
import { SERVER_STATE, subscribeTo } from './use-session-state.js'

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
export interface NotSignedInOAuthResult<
  Claims = RegisteredClaims,
  Status extends 'restoring' | 'signed-out' = 'restoring' | 'signed-out',
> extends OAuthBase<Claims> {
  /** `restoring` until the stored session is read, then `signed-out`. */
  readonly status: Status
  /** True exactly when `status` is `signed-in`. */
  readonly isSignedIn: false
  /** There are no claims without a user. */
  readonly claims?: undefined
}

/** Describes what `useOAuth` returns; `isSignedIn` and `status` narrow it. */
export type UseOAuthResult<Claims = RegisteredClaims> =
  | SignedInOAuthResult<Claims>
  | NotSignedInOAuthResult<Claims, 'restoring'>
  | NotSignedInOAuthResult<Claims, 'signed-out'>

/** The members of the result that change with the session. */
interface Facts<Claims> {
  readonly status: SessionState<Claims>['status']
  readonly isSignedIn: boolean
  readonly activity: SessionActivity
  readonly claims: Claims | undefined
  readonly error: OAuthClientError | undefined
}

/**
 * Returns the session and the functions to sign in and out. The component renders only when a member that it has read changes: one
 * that reads `claims` does not render when the token is refreshed. The result is the same object until such a member changes.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function useOAuth<Claims = never, Name extends ClientName = ClientName>(
  name?: Name,
): UseOAuthResult<ClaimsFor<Claims, Name>> {
  type User = ClaimsFor<Claims, Name>
  const client = useClient<User>(name)
  const [latest] = useState<Latest<User>>(createLatest)
  const rendered = client.getSnapshot()
  // Of this render: a later one that React discards may read other facts.
  const tracked = reuseOrTrack(latest, client, rendered)
  const getSnapshot = (): SessionState<User> => {
    const next = client.getSnapshot()
    return isUnchanged(tracked, next) ? rendered : next
  }
  const state = useSyncExternalStore<SessionState<User>>(subscribeTo(client), getSnapshot, getServerState)
  return (state === SERVER_STATE ? reuseOrTrack(latest, client, state) : tracked).result
}

/** One result, and the facts that were read from it, with the values that were read first. */
interface Tracked<Claims> {
  readonly client: OAuthClient<Claims>
  readonly isOnServer: boolean
  readonly read: Partial<Record<keyof Facts<Claims>, unknown>>
  readonly result: UseOAuthResult<Claims>
}

/** The result that a component got last. */
interface Latest<Claims> {
  tracked?: Tracked<Claims>
}

function createLatest<Claims>(): Latest<Claims> {
  return {}
}

/** Returns the former result as long as what was read from it is unchanged. */
function reuseOrTrack<Claims>(latest: Latest<Claims>, client: OAuthClient<Claims>, state: SessionState<Claims>): Tracked<Claims> {
  const { tracked } = latest
  const isOnServer = state === SERVER_STATE
  if (tracked?.client === client && tracked.isOnServer === isOnServer && isUnchanged(tracked, state)) return tracked
  return (latest.tracked = track(client, isOnServer))
}

function isUnchanged<Claims>({ read }: Tracked<Claims>, state: SessionState<Claims>): boolean {
  return FACTS.every((fact) => !(fact in read) || read[fact] === factOf(state, fact))
}

/** Creates a result that records which facts are read; only those are compared when the state changes. */
function track<Claims>(client: OAuthClient<Claims>, isOnServer: boolean): Tracked<Claims> {
  const read: Tracked<Claims>['read'] = {}
  const get = (members: object, name: string | symbol): unknown => {
    const fact = name as Fact
    if (!FACTS.includes(fact)) return Reflect.get(members, name)
    // An event handler may be the first to read a fact, which then may have changed without a render: return the current one.
    const value = factOf(isOnServer ? SERVER_STATE : client.getSnapshot(), fact)
    if (!(fact in read)) read[fact] = value
    return value
  }
  // A page may have thousands of results. A proxy costs far less than an object with five getters. All members are in the shared object,
  // so that the result can be spread and listed.
  const result = new Proxy<object>(membersOf(client), { get, ...READ_ONLY }) as UseOAuthResult<Claims>
  return { client, isOnServer, read, result }
}

/** The object behind a result is that of all components: what changes or freezes a result must not change theirs. */
const READ_ONLY = {
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
  setPrototypeOf: refuse,
  preventExtensions: refuse,
} satisfies ProxyHandler<object>

function refuse(): boolean {
  return false
}

const FACTS = ['status', 'isSignedIn', 'activity', 'claims', 'error'] as const

type Fact = (typeof FACTS)[number]

function factOf(state: SessionState<unknown>, fact: Fact): unknown {
  return fact === 'isSignedIn' ? state.status === 'signed-in' : state[fact]
}

const allMembers = new WeakMap<object, object>()

/** The functions are the same for all components. The facts have no value here. */
function membersOf(client: OAuthClient<unknown>): object {
  const members = allMembers.get(client) ?? {
    ...Object.fromEntries(FACTS.map((fact) => [fact])),
    login: (options?: LoginOptions) => client.login(options),
    logout: (options?: LogoutOptions) => client.logout(options),
    client,
  }
  allMembers.set(client, members)
  return members
}

function getServerState(): typeof SERVER_STATE {
  return SERVER_STATE
}
