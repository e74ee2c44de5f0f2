/** What happened, for an audit log. Never holds a token, code, secret or password. */
export interface AuditEvent {
  readonly type:
    | 'authorization.requested'
    | 'authorization.granted'
    | 'authorization.denied'
    | 'authorization.failed'
    | 'sign_in.succeeded'
    | 'sign_in.failed'
    | 'sign_out.succeeded'
    | 'token.issued'
    | 'token.refused'
    | 'token.revoked'
    | 'token.introspected'
    | 'code.replayed'
    | 'refresh_token.replayed'
    | 'refresh_token.repeated'
    | 'client_authentication.failed'
    | 'client.registered'
    | 'client.deleted'
    | 'keys.rotated'
    | 'logout_notice.failed'
    | 'rate_limited'
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The client; where its authentication failed, the one that it says it is. */
  readonly clientId?: string
  readonly userId?: string
  readonly grantType?: string
  readonly scope?: string
  /** The OAuth error code of a refusal. */
  readonly error?: string
  /** Which endpoint was asked. */
  readonly endpoint?: string
}

/** Callbacks that let others watch the server or stop a request. */
export interface ServerHooks {
  /** Told of everything worth an audit log. What it throws or rejects with is ignored. */
  readonly onEvent?: (event: AuditEvent) => void | Promise<void>
  /** Told of faults that were answered with `server_error`. What it throws or rejects with is ignored. */
  readonly onError?: (error: unknown) => void
  /**
   * Asked before a request is worked on.
   *
   * @returns seconds to wait: the request is answered with 429 and `Retry-After`; undefined or 0 lets it through
   */
  readonly rateLimit?: (request: {
    readonly request: Request
    readonly endpoint: string
    readonly env: unknown
  }) => number | undefined | Promise<number | undefined>
}
