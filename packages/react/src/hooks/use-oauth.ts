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
  const target: Target<Claims> = { client, isOnServer, read: {}, actions: actionsOf(client) }
  // The handler has all members of the result, and their types.
  return { ...target, result: new Proxy(target, HANDLER) as unknown as UseOAuthResult<Claims> }
}

interface Target<Claims> extends Omit<Tracked<Claims>, 'result'> {
  readonly actions: Actions<Claims>
}

const FACTS = ['status', 'isSignedIn', 'activity', 'claims', 'error'] as const
const MEMBERS: readonly string[] = [...FACTS, 'login', 'logout', 'client']

// A page may have thousands of results. A proxy costs far less than an object with five getters, and looks the same: its members can be
// listed, spread and destructured.
const HANDLER: ProxyHandler<Target<unknown>> = {
  get: readMember,
  has: (target, name) => name in target.actions || isFact(name),
  ownKeys: () => MEMBERS,
  getOwnPropertyDescriptor: (target, name) =>
    MEMBERS.includes(name as string) ? { enumerable: true, configurable: true, get: () => readMember(target, name) } : undefined,
}

type Fact = (typeof FACTS)[number]

function readMember({ client, isOnServer, read, actions }: Target<unknown>, name: string | symbol): unknown {
  if (!isFact(name)) return Reflect.get(actions, name) as unknown
  // An event handler may be the first to read a fact, which then may have changed without a render: return the current one.
  const value = factOf(isOnServer ? SERVER_STATE : client.getSnapshot(), name)
  if (!(name in read)) read[name] = value
  return value
}

function isFact(name: string | symbol): name is Fact {
  return FACTS.includes(name as Fact)
}

function factOf(state: SessionState<unknown>, fact: Fact): unknown {
  return fact === 'isSignedIn' ? state.status === 'signed-in' : state[fact]
}

const allActions = new WeakMap<object, Actions<never>>()

/** The same functions for all components. */
function actionsOf<Claims>(client: OAuthClient<Claims>): Actions<Claims> {
  const actions = (allActions.get(client) as Actions<Claims> | undefined) ?? {
    login: (options) => client.login(options),
    logout: (options) => client.logout(options),
    client,
  }
  allActions.set(client, actions as Actions<never>)
  return actions
}

function getServerState(): typeof SERVER_STATE {
  return SERVER_STATE
}
