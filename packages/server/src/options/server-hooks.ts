import type { ClientRecord } from '../storage/client-record.js'

/** An event for an audit log. Never holds a token, code, secret or password. */
export interface AuditEvent {
  /** What happened. */
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
  /** The client, if there is one of this id; if its authentication failed, the one that it claims to be. */
  readonly clientId?: string | undefined
  /** The user, if one is known. */
  readonly userId?: string | undefined
  /** The `grant_type` of the request, if the server has that grant. */
  readonly grantType?: string | undefined
  /** The requested or granted scope, space-separated. */
  readonly scope?: string | undefined
  /** The OAuth error code of a refusal. */
  readonly error?: string | undefined
  /** The path of the endpoint, under the issuer. */
  readonly endpoint?: string | undefined
}

/** The event without its time. */
export type AuditEventDetails = Omit<AuditEvent, 'at'>

/** Callbacks that observe the server or stop a request. */
export interface ServerHooks {
  /** Called for every audit event. Errors and rejections are ignored. */
  readonly onEvent?: ((event: AuditEvent) => void | Promise<void>) | undefined
  /** Called for faults that became a `server_error` response, and for clients that could not be notified; default: they go to the console. Errors and rejections are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined
  /**
   * Called before a request is handled.
   *
   * @returns seconds to wait: the response is 429 with `Retry-After`; undefined or 0 lets the request through
   */
  readonly rateLimit?:
    | ((request: {
        readonly request: Request
        readonly endpoint: string
        readonly env: unknown
      }) => number | undefined | Promise<number | undefined>)
    | undefined
  /**
   * Keeps the platform running until work is done that continues after the response, such as notices to clients after a sign-out: pass
   * `waitUntil` of `cloudflare:workers` or `@vercel/functions`. Default: none is needed, as on a server. The work never rejects.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/** Custom client authentication: by a TLS certificate, an address, a header of the gateway. Undefined falls back to the standard methods. */
export type AuthenticateClient = (
  request: Request,
  params: URLSearchParams,
) => ClientRecord | undefined | Promise<ClientRecord | undefined>
