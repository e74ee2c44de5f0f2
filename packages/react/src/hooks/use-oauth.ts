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
import { createSubscribe, SERVER_STATE, type Subscribe } from './use-session-state.js'

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
  // Of this render: a later one that React discards may read other facts.
  const tracked = reuseOrTrack(latest, client, client.getSnapshot())
  const current = useSyncExternalStore<unknown>(tracked.shared.subscribe, tracked.getSnapshot, getServerState)
  return (current === SERVER_STATE ? reuseOrTrack(latest, client, SERVER_STATE) : tracked).result
}

/** The result that a component got last. */
interface Latest<Claims> {
  tracked?: TrackedResult<Claims>
}

function createLatest<Claims>(): Latest<Claims> {
  return {}
}

/** Returns the former result as long as what was read from it is unchanged. */
function reuseOrTrack<Claims>(
  latest: Latest<Claims>,
  client: OAuthClient<Claims>,
  state: SessionState<Claims>,
): TrackedResult<Claims> {
  const { tracked } = latest
  const isOnServer = state === SERVER_STATE
  if (tracked?.client === client && (tracked.state === SERVER_STATE) === isOnServer && tracked.isUnchanged(state)) return tracked
  return (latest.tracked = new TrackedResult(client, state))
}

/**
 * One result, which records the facts that are read from it; only those are compared when the state changes. A page may have thousands
 * of them. So each is the handler of its own proxy, which costs far less than an object with five getters, and has no object of its own
 * for what was read.
 */
class TrackedResult<Claims> implements ProxyHandler<object> {
  readonly client: OAuthClient<Claims>
  readonly state: SessionState<Claims>
  readonly shared: Shared
  readonly result: UseOAuthResult<Claims>
  /** Returns this object until a fact that was read has changed. The same function in each render, so that React need not store it. */
  readonly getSnapshot: () => unknown
  /** One bit for each fact that was read. */
  #read = 0
  /** Facts that had changed without a render when an event handler was the first to read them. */
  #later: Partial<Record<Fact, unknown>> | undefined

  constructor(client: OAuthClient<Claims>, state: SessionState<Claims>) {
    this.client = client
    this.state = state
    // All members are in the shared object, so that the result can be spread and listed.
    this.shared = sharedOf(client)
    this.result = new Proxy(this.shared.members, this) as UseOAuthResult<Claims>
    this.getSnapshot = () => {
      const next = client.getSnapshot()
      return this.isUnchanged(next) ? this : next
    }
  }

  isUnchanged(next: SessionState<Claims>): boolean {
    if (next === this.state && !this.#later) return true
    return FACTS.every((fact, index) => !(this.#read & (1 << index)) || this.#firstRead(fact) === factOf(next, fact))
  }

  get(members: object, name: string | symbol): unknown {
    const index = FACTS.indexOf(name as Fact)
    if (index === -1) return Reflect.get(members, name)
    const fact = name as Fact
    const value = factOf(this.state === SERVER_STATE ? SERVER_STATE : this.client.getSnapshot(), fact)
    if (this.#read & (1 << index)) return value
    this.#read |= 1 << index
    this.shared.read.add(fact)
    if (value !== factOf(this.state, fact)) this.#later = { ...this.#later, [fact]: value }
    return value
  }

  // The object behind a result is that of all components: what changes or freezes a result must not change theirs.
  set(): boolean {
    return false
  }

  defineProperty(): boolean {
    return false
  }

  deleteProperty(): boolean {
    return false
  }

  setPrototypeOf(): boolean {
    return false
  }

  preventExtensions(): boolean {
    return false
  }

  #firstRead(fact: Fact): unknown {
    return this.#later && fact in this.#later ? this.#later[fact] : factOf(this.state, fact)
  }
}

const FACTS = ['status', 'isSignedIn', 'activity', 'claims', 'error'] as const

type Fact = (typeof FACTS)[number]

function factOf(state: SessionState<unknown>, fact: Fact): unknown {
  return fact === 'isSignedIn' ? state.status === 'signed-in' : state[fact]
}

/** What the results of all components have in common. */
interface Shared {
  /** The functions, which are the same for all components. The facts have no value here. */
  readonly members: object
  readonly subscribe: Subscribe
  /** The facts that any component has read. A change of the others, as by a refresh, notifies no component. */
  readonly read: Set<Fact>
}

const allShared = new WeakMap<object, Shared>()

function sharedOf(client: OAuthClient<unknown>): Shared {
  const shared = allShared.get(client) ?? createShared(client)
  allShared.set(client, shared)
  return shared
}

function createShared(client: OAuthClient<unknown>): Shared {
  const read = new Set<Fact>()
  const members = {
    ...Object.fromEntries(FACTS.map((fact) => [fact])),
    login: (options?: LoginOptions) => client.login(options),
    logout: (options?: LogoutOptions) => client.logout(options),
    client,
  }
  return {
    read,
    members,
    subscribe: createSubscribe(client, (former, next) => [...read].some((fact) => factOf(former, fact) !== factOf(next, fact))),
  }
}

function getServerState(): typeof SERVER_STATE {
  return SERVER_STATE
}
