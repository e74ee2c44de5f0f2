import type { IdTokenCheck } from './id-token-checks.js'

/** Names and values as sent or received; credentials are masked. */
export type Fields = Readonly<Record<string, string>>

/** One request of this page to the authorization server or a protected resource, with its response. */
export interface ProtocolMessage {
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly title: string
  /** The section that specifies the message. */
  readonly spec: string
  readonly method: string
  /** Without query and fragment. */
  readonly url: string
  readonly sent: Fields
  /** Of the request; only those that are known to hold no secret, and the masked credentials. */
  readonly headers?: Fields | undefined
  /** Whether the fields were sent in the body, and not in the query. */
  readonly isForm?: boolean | undefined
  readonly status?: number | undefined
  /** From request to response. */
  readonly milliseconds?: number | undefined
  readonly received?: Fields | undefined
  /** Whether the doctor sent it, and not the client. */
  readonly isProbe?: boolean | undefined
  /** Of the ID token that was received. */
  readonly checks?: readonly IdTokenCheck[] | undefined
}

const CREDENTIALS = new Set([
  'access_token',
  'actor_token',
  'assertion',
  'auth_req_id',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'id_token',
  'id_token_hint',
  'login_hint_token',
  'logout_token',
  'nonce',
  'password',
  'refresh_token',
  'registration_access_token',
  'request',
  'response',
  'state',
  'subject_token',
  'token',
  'user_code',
])
const MAX_VALUE_LENGTH = 300
/** Headers without secrets. The value of any other is not recorded: it may be a key of the app's API. */
const PLAIN_HEADERS = new Set(['accept', 'content-type', 'www-authenticate', 'retry-after', 'if-none-match'])
const CREDENTIAL_HEADERS = new Set(['authorization', 'dpop'])

/** Whether the value of a parameter, member or header is masked. */
export function isCredential(name: string): boolean {
  return CREDENTIALS.has(name) || CREDENTIAL_HEADERS.has(name)
}

/** @returns the headers, with every credential masked */
export function headerFields(headers: Headers): Fields {
  const fields: Record<string, string> = {}
  headers.forEach((value, name) => {
    if (PLAIN_HEADERS.has(name)) fields[name] = value.slice(0, MAX_VALUE_LENGTH)
    else if (name === 'authorization') fields[name] = value.replace(/^(\S+) +(.*)$|^\S+$/s, maskedAuthorization)
    else fields[name] = CREDENTIAL_HEADERS.has(name) ? mask(value) : '(not recorded)'
  })
  return fields
}

function maskedAuthorization(whole: string, scheme: string | undefined, credentials = ''): string {
  return scheme === undefined ? mask(whole) : `${scheme} ${mask(credentials)}`
}

/** @returns the last four characters and the length: enough to tell two secrets apart, too little to use one */
export function mask(secret: string): string {
  return secret.length < 16 ? `… (${secret.length})` : `…${secret.slice(-4)} (${secret.length})`
}

/** @returns the fields with every credential masked and long values truncated */
export function fieldsOf(entries: Iterable<readonly [string, unknown]>): Fields {
  const fields: Record<string, string> = {}
  for (const [name, value] of entries) {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    fields[name] = CREDENTIALS.has(name) ? mask(text) : text.slice(0, MAX_VALUE_LENGTH)
  }
  return fields
}
