/** What a client attempts. `silent`: a sign-in without user interaction. `fetch` and `user-info`: one call with the access token. */
export type AttemptKind = 'sign-in' | 'silent' | 'refresh' | 'sign-out' | 'fetch' | 'user-info' | 'other'

/**
 * How an attempt ended. `redirected`: the page was left for the authorization server; after a sign-in's redirect, the page of the callback
 * continues the attempt under the same id. `abandoned`: without a result and without an error.
 */
export type AttemptOutcome = 'succeeded' | 'failed' | 'redirected' | 'abandoned'

/** One sign-in (before and after a redirect), refresh, sign-out or call. */
export interface Attempt {
  /** A random UUID, the same before and after a redirect. */
  readonly id: string
  readonly kind: AttemptKind
  /** Milliseconds since the epoch, device clock: in the page that started the attempt. */
  readonly startedAt: number
  /** How a sign-in goes to the authorization server: `redirect`, `popup`, `iframe` or the name of a custom transport. */
  readonly transport?: string | undefined
  /** Whether it started before the redirect to this page. */
  readonly isResumed: boolean
}

/** One request of an attempt. Nothing of its query, fragment, headers or body. */
export interface AttemptRequest {
  readonly method: string
  /** Without user name, password, query and fragment. */
  readonly url: string
  /** Milliseconds since the epoch, device clock. */
  readonly startedAt: number
  readonly durationMs: number
  /** Absent if there was no response. */
  readonly status?: number | undefined
  /** Of a token request. */
  readonly grantType?: string | undefined
  /** The name or code of the error, if there was no response. */
  readonly errorCode?: string | undefined
}

/** What happens in the attempts of a client. It contains no credential and no claim. */
export type AttemptEvent = AttemptMoment & (AttemptStarted | AttemptRequested | AttemptEnded)

/** What every event of an attempt has. */
export interface AttemptMoment {
  readonly attempt: Attempt
  /** Milliseconds since the epoch, device clock. */
  readonly at: number
}

/** An attempt has started, or has been continued in the page of the callback. */
export interface AttemptStarted {
  readonly type: 'started'
}

/** A request has ended. */
export interface AttemptRequested {
  readonly type: 'request'
  readonly request: AttemptRequest
}

/** An attempt has ended. */
export interface AttemptEnded {
  readonly type: 'ended'
  readonly outcome: AttemptOutcome
  /** Milliseconds since `startedAt`. */
  readonly durationMs: number
  /** The code of the error, if it failed. */
  readonly errorCode?: string | undefined
}
