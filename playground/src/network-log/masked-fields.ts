import type { FieldPlace, LogField } from './log-entry.js'

const MAX_SHOWN = 240
/** The log keeps a hundred messages in `sessionStorage`. */
const MAX_KEPT = 10_000

/** Names of parameters, members and headers whose values are secrets. */
const secretNames: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'token',
  'code',
  'code_verifier',
  'client_secret',
  'registration_access_token',
  'client_assertion',
  'assertion',
  'password',
  'device_code',
  'device_secret',
  'logout_token',
  'auth_req_id',
  'login_hint_token',
  'subject_token',
  'actor_token',
  'request',
  'response',
  'authorization',
  'dpop',
  'oauth_token_secret',
  'oauth_verifier',
  // With PLAINTEXT, it consists of the secrets.
  'oauth_signature',
])

/** @returns the last four characters and the length: enough to tell two secrets apart, too little to use one */
export function mask(secret: string): string {
  return secret.length < 16 ? `•••• (${secret.length} characters)` : `••••${secret.slice(-4)} (${secret.length} characters)`
}

/** Masks a secret, and truncates a long value, so that a document does not fill the page. */
export function maskedField(name: string, value: string): LogField {
  if (secretNames.has(name.toLowerCase())) return { name, value: mask(value), secret: true }
  const shortened = shorten(value)
  const isKept = shortened !== value && value.length <= MAX_KEPT
  return { name, value: shortened, secret: false, ...(isKept && { full: value }) }
}

/** The same for a header: the scheme of `Authorization` is not a secret. */
export function maskedHeader(name: string, value: string): LogField {
  const { scheme = '', credentials = value } = /^(?<scheme>\w+ )(?<credentials>.*)$/s.exec(value)?.groups ?? {}
  const field = maskedField(name, credentials)
  return field.secret ? { ...field, value: scheme + field.value } : maskedField(name, value)
}

export function fieldsOfParameters(parameters: URLSearchParams): readonly LogField[] {
  return [...parameters].map(([name, value]) => maskedField(name, value))
}

/** @returns one field for each member; lists and objects as JSON */
export function fieldsOfJson(body: unknown): readonly LogField[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return []
  return Object.entries(body).map(([name, value]) =>
    typeof value === 'string'
      ? maskedField(name, value)
      : { ...maskedField(name, JSON.stringify(value, maskedMember)), isJson: true },
  )
}

/** A secret may be in a nested object. */
function maskedMember(name: string, value: unknown): unknown {
  return typeof value === 'string' && secretNames.has(name.toLowerCase()) ? mask(value) : value
}

/** Says where in the message the fields are. */
export function placed(place: FieldPlace, fields: readonly LogField[]): readonly LogField[] {
  return fields.map((field) => ({ ...field, place }))
}

/** Marks the fields that a simulated fault added or changed. @param original the fields without the fault */
export function markChanges(original: readonly LogField[], fields: readonly LogField[]): readonly LogField[] {
  const isUnchanged = ({ name, value }: LogField): boolean =>
    original.some((field) => field.name === name && field.value === value)
  return fields.map((field) => (isUnchanged(field) ? field : { ...field, isAltered: true }))
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
