/** One parameter, member or header as the log shows it. A secret's value is a mask by the time it is here. */
export interface LogField {
  readonly name: string
  readonly value: string
  readonly secret: boolean
}

/** What kind of message it was: the page going to or coming from the authorization server, or a request in the background. */
export type MessageKind = 'departure' | 'arrival' | 'request'

export type ClientKind = 'app' | 'lab'

/** Which part of a flow a message plays. */
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
  | 'pushed-request'
  | 'device-authorization'
  | 'backchannel-authentication'
  | 'registration'
  | 'api'

/** One message between this app and a server. Holds no token, code, verifier or secret. */
export interface LogEntry {
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly kind: MessageKind
  /** Whose client it was: the app's own, or one of a page that tries something. */
  readonly source: ClientKind
  readonly role: MessageRole
  readonly title: string
  /** The section it rests on, as people cite it. */
  readonly spec: string
  readonly method: string
  /** Without query and fragment: those are in `sent` or `received`, masked. */
  readonly url: string
  /** HTTP status; absent for a departure, an arrival, and while the answer is awaited. */
  readonly status?: number
  /** Milliseconds from the request to the answer. */
  readonly duration?: number
  /** Why there was no answer. */
  readonly failure?: string
  /** True when the app itself gave up waiting: nobody wanted the answer any more. */
  readonly wasAborted?: boolean
  readonly sent: readonly LogField[]
  readonly received: readonly LogField[]
}
