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

/** @returns a command for a shell. Each secret is a placeholder such as `<code>`. */
export function curlCommand({ method, url, sent, bodyType }: LogEntry): string {
  const fields = sent.map((field) => (field.secret ? { ...field, value: `<${field.name}>` } : field))
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

function query(fields: readonly LogField[]): string {
  const inQuery = pick(fields, 'query').map(({ name, value }) => `${name}=${encodeURI(value)}`)
  const inFragment = pick(fields, 'fragment').map(({ name, value }) => `${name}=${encodeURI(value)}`)
  return (inQuery.length > 0 ? `?${inQuery.join('&')}` : '') + (inFragment.length > 0 ? `#${inFragment.join('&')}` : '')
}

function headers(fields: readonly LogField[]): readonly string[] {
  return pick(fields, 'header').map(({ name, value }) => `${name}: ${value}`)
}

function json(fields: readonly LogField[]): string {
  return JSON.stringify(Object.fromEntries(fields.map(({ name, value }) => [name, value])), null, 2)
}

function pick(fields: readonly LogField[], place: FieldPlace): readonly LogField[] {
  return fields.filter((field) => field.place === place)
}

/** In single quotes, as a POSIX shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
