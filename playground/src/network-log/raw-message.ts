import type { FieldPlace, LogEntry, LogField } from './log-entry.js'

/** @returns the request and the response as text, with masked secrets. Contains only the headers that the log records. */
export function rawMessage(entry: LogEntry): string {
  const { kind, method, url, status } = entry
  const { host, pathname } = new URL(url)
  const fields = kind === 'callback' ? entry.received : entry.sent
  const request = [
    `${method} ${pathname}${query(fields)} HTTP/1.1`,
    `Host: ${host}`,
    ...headers(entry.sent),
    ...requestBody(entry),
  ]
  if (status === undefined) return request.join('\n')
  const body = pick(entry.received, 'body')
  const response = [`HTTP/1.1 ${status}`, ...headers(entry.received), ...(body.length > 0 ? ['', json(body)] : [])]
  return [...request, '', ...response].join('\n')
}

/** @returns a command for a shell. Each secret, and each value that is too long for the log, is a placeholder such as `<code>`. */
export function curlCommand({ method, url, sent, bodyType }: LogEntry): string {
  const fields = sent.map((field) => ({ ...field, value: curlValue(field) }))
  const body = pick(fields, 'body')
  const parts = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(url + query(fields))}`,
    ...headers(fields).map((header) => `-H ${quoted(header)}`),
    ...(bodyType === 'form' ? body.map(({ name, value }) => `--data-urlencode ${quoted(`${name}=${value}`)}`) : []),
    ...(bodyType === 'json' ? [`-H 'Content-Type: application/json'`, `--data ${quoted(json(body))}`] : []),
  ]
  return parts.join(' \\\n  ')
}

function requestBody({ bodyType, sent }: LogEntry): readonly string[] {
  const body = pick(sent, 'body')
  if (bodyType === 'json') return ['Content-Type: application/json', '', json(body)]
  if (bodyType !== 'form') return []
  return ['Content-Type: application/x-www-form-urlencoded', '', body.map(({ name, value }) => `${name}=${value}`).join('&\n')]
}

function curlValue({ name, value, full, secret }: LogField): string {
  // A scheme such as “Bearer” stays.
  if (secret) return value.replace(/••••.*$/, `<${name}>`)
  return full ?? (value.endsWith('…') ? `<${name}>` : value)
}

function query(fields: readonly LogField[]): string {
  const inQuery = pick(fields, 'query').map(encoded)
  const inFragment = pick(fields, 'fragment').map(encoded)
  return (inQuery.length > 0 ? `?${inQuery.join('&')}` : '') + (inFragment.length > 0 ? `#${inFragment.join('&')}` : '')
}

/** A masked secret stays readable. In a value, `:` and `/` need no encoding. */
function encoded({ name, value, secret }: LogField): string {
  return `${name}=${secret ? value : encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/')}`
}

function headers(fields: readonly LogField[]): readonly string[] {
  return pick(fields, 'header').map(({ name, value }) => `${name}: ${value}`)
}

function json(fields: readonly LogField[]): string {
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, jsonValue(field)])), null, 2)
}

/** A list or an object, if the log has all of it. Its secrets are masked. */
function jsonValue({ value, full, secret, isJson }: LogField): unknown {
  const text = full ?? value
  if (!isJson || secret) return value
  return text.endsWith('…') || text.startsWith('<') ? value : JSON.parse(text)
}

function pick(fields: readonly LogField[], place: FieldPlace): readonly LogField[] {
  return fields.filter((field) => field.place === place)
}

/** In single quotes, as a POSIX shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
