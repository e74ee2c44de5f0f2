import type { OAuthClientError } from '../errors/errors.js'
import type { UserClaims } from '../protocol/claims.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

/** The part of the Standard Schema interface that is used: zod, valibot, arktype and others have it. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/** One way in which a value does not fit a schema. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

/** What the app adds to a session. */
export interface SessionOptions<Claims = UserClaims> {
  /** Checks and types the user's claims. */
  readonly claims?: StandardSchema<Claims> | undefined
  /** Called and awaited with every new token set before it is used. `former` is the one that it replaces, if there is one. */
  readonly onTokenSet?: ((tokenSet: TokenSet, reason: TokenSetReason, former?: TokenSet) => void | Promise<void>) | undefined
}

/** What every event has if the client is observed: by `observeAttempts` or `traceClient`. Otherwise both are absent. */
export interface EventCorrelation {
  /** The same for all events of one sign-in (before and after a redirect), refresh or sign-out. */
  readonly attemptId?: string | undefined
  /** Milliseconds since the start of the attempt, if the event is part of one. */
  readonly durationMs?: number | undefined
}

/** Events of a session. */
export interface SessionEvents {
  /** The session has ended: by the user (here or in another tab), or by the authorization server. */
  'signed-out': EventCorrelation & {
    readonly reason: 'logout' | 'other-tab' | 'session-ended' | 'user-changed'
    readonly error?: OAuthClientError | undefined
  }
  /** Another user signed in while one was signed in. Caches of the former user must be cleared. */
  'user-changed': EventCorrelation & { readonly formerSubject: string | undefined; readonly subject: string | undefined }
  /** There is a new token set, or a stored one was restored. */
  'token-set': EventCorrelation & { readonly tokenSet: TokenSet; readonly reason: TokenSetReason }
  /** Something failed. An error of a sign-in, refresh or sign-out is in the state, too. */
  error: EventCorrelation & {
    readonly error: OAuthClientError
    /** The path on this origin where the app continues, if an authorization response failed. */
    readonly returnTo?: string | undefined
  }
}
