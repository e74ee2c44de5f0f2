/** One parameter, member or header as the log shows it. The value of a secret is already masked. */
export interface LogField {
  readonly name: string
  readonly value: string
  readonly secret: boolean
  /** The whole value, if `value` is shortened. Undefined for a value that is too long to keep. */
  readonly full?: string | undefined
  /** True if the value is JSON: a list, an object, a number, `true`, `false` or `null`. */
  readonly isJson?: boolean | undefined
  /** Where the message contains it. */
  readonly place?: FieldPlace | undefined
  /** True if a simulated fault changed it. */
  readonly isAltered?: boolean | undefined
}

export type FieldPlace = 'header' | 'query' | 'fragment' | 'body'

/** The browser navigates to the authorization server, returns from it, or a request is sent in the background. */
export type MessageKind = 'navigation' | 'callback' | 'request'

/** The app's own client, or the client of an experiment. */
export type ClientKind = 'app' | 'experiment'

/** The part of a message in a flow. */
export type MessageRole =
  | 'discovery'
  | 'keys'
  | 'authorization-request'
  | 'authorization-response'
  | 'token-request'
  | 'refresh-request'
  | 'userinfo'
  | 'revocation'
  | 'introspection'
  | 'end-session'
  | 'back-channel-logout'
  | 'front-channel-logout'
  | 'logout-event'
  | 'pushed-request'
  | 'device-authorization'
  | 'backchannel-authentication'
  | 'registration'
  | 'temporary-credentials'
  | 'oauth1-authorization'
  | 'oauth1-callback'
  | 'token-credentials'
  | 'signed-api'
  | 'api'

/** One message between this app and a server. Holds no token, code, verifier or secret. */
export interface LogEntry {
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly kind: MessageKind
  /** Which client sent it. */
  readonly source: ClientKind
  /** The run of an experiment that sent it, see `startRun()`. */
  readonly run?: number | undefined
  /** The page that started the run. */
  readonly runTitle?: string | undefined
  readonly role: MessageRole
  readonly title: string
  /** The section that specifies the message. */
  readonly spec: string
  readonly method: string
  /** Without query and fragment, which are in `sent` or `received`, masked. */
  readonly url: string
  /** How the body of a request is encoded; undefined for a request without a body. */
  readonly bodyType?: 'form' | 'json' | undefined
  /** HTTP status; undefined for navigations and callbacks, and until there is a response. */
  readonly status?: number | undefined
  /** Milliseconds from the request to the response. */
  readonly duration?: number | undefined
  /** Why there was no response. */
  readonly failure?: string | undefined
  /** True if the app aborted the request. */
  readonly wasAborted?: boolean | undefined
  /** What a simulated fault changed in the message. */
  readonly alteration?: string | undefined
  readonly sent: readonly LogField[]
  readonly received: readonly LogField[]
}

/** @returns false for entries of another version of the playground, which cannot be shown */
export function isLogEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null) return false
  const { id, at, sent, received, ...texts } = value as Readonly<Record<string, unknown>>
  const isNumbered = typeof id === 'number' && typeof at === 'number'
  const isText = ['kind', 'source', 'role', 'title', 'spec', 'method', 'url'].every((name) => typeof texts[name] === 'string')
  return isNumbered && isText && Array.isArray(sent) && Array.isArray(received)
}
