import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'

/** Who an event is about. */
export interface NamedUser {
  readonly clientId: string | undefined
  /** Only a user that the site knows: what others typed may be a password. */
  readonly userId?: string | undefined
}

/** The user or client whose secret is guessed. */
export interface GuessTarget {
  /** Undefined if the secret is anyone's. */
  readonly name: string | undefined
  /** The id of the user whom the site knows by the name. If it is here, the user is counted, not the name. */
  readonly userId?: string | undefined
  /** Who guesses, if that is known better than by an address: an authenticated client, a signed-in user, a known browser. */
  readonly sender?: string | undefined
}

/** A guess at a secret. */
export interface Guess<Result = unknown> extends GuessTarget {
  /** What is guessed. */
  readonly kind: 'password' | 'client' | 'user-code' | 'ciba-code' | 'registration'
  /** Further names that the secret may be of: each is counted. */
  readonly others?: readonly GuessTarget[] | undefined
  /** Tells whether the secret was that of this name, so that its count starts again. Default: yes. */
  readonly isOf?: (name: string, result: Result) => Promise<boolean>
  /** Checks the secret of a client at once, where that needs no thread; undefined if it does, or if the secret is wrong. */
  readonly checkNow?: (() => Result | undefined) | undefined
  /** How many times the usual number of attempts there are, where software may be wrong very often. Default 1. */
  readonly attemptsFactor?: number | undefined
  /** Whether pages of other sites may embed the request, as an image of an API: their visitors guess nothing. Default: no. */
  readonly isEmbeddable?: boolean | undefined
  /** Returns who an event is about. */
  readonly event?: () => GuessEvent | Promise<GuessEvent>
}

/** Whom the guess concerns. Never a secret, nor a name that the site does not know. */
type GuessEvent = Partial<NamedUser>

/** What the limits need of a request. */
export type GuessContext = Pick<RequestContext, 'request' | 'env' | 'url'> & { readonly server: ServerContext }
