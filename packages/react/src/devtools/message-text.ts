import { isCredential, type Fields, type ProtocolMessage } from './protocol-message.js'

/**
 * Writes a request as a command of a POSIX shell. In the place of each secret is a variable, such as `$CODE`.
 *
 * @returns `curl` with the recorded headers and fields
 */
export function toCurl({ method, url, sent, headers = {}, isForm }: ProtocolMessage): string {
  const fields = Object.entries(sent).map(([name, value]) => `--data-urlencode ${pair(`${name}=`, name, value)}`)
  const lines = Object.entries(headers).map(([name, value]) => `-H ${headerArgument(name, value)}`)
  const asQuery = fields.length > 0 && !isForm ? ['--get'] : []
  const request = isForm || method === 'GET' ? [] : [`-X ${quoted(method)}`]
  return [`curl ${quoted(url)}`, ...request, ...asQuery, ...lines, ...fields].join(' \\\n  ')
}

/** Writes a request and its response as HTTP messages. Secrets are masked. */
export function toHttp(message: ProtocolMessage): string {
  const { method, url, sent, headers = {}, isForm, status, received = {} } = message
  const { host, pathname } = new URL(url)
  const form = Object.entries(sent).map(
    ([name, value]) => `${encodeURIComponent(name)}=${isCredential(name) ? `[${value}]` : encodeURIComponent(value)}`,
  )
  const query = isForm || form.length === 0 ? '' : `?${form.join('&')}`
  const request = [
    `${method} ${pathname}${query} HTTP/1.1`,
    `host: ${host}`,
    ...headerLines(headers),
    ...(isForm ? ['', form.join('&')] : []),
  ]
  if (status === undefined) return request.join('\n')
  const { 'www-authenticate': challenge, 'retry-after': retryAfter, ...body } = received
  const answered = {
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
  }
  const json = Object.keys(body).length === 0 ? [] : ['content-type: application/json', '', JSON.stringify(body, undefined, 2)]
  return [...request, '', `HTTP/1.1 ${status}`, ...headerLines(answered), ...json].join('\n')
}

function headerLines(headers: Fields): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
}

function headerArgument(name: string, value: string): string {
  if (name !== 'authorization') return pair(`${name}: `, name, value)
  const scheme = /^(\S+) /.exec(value)?.[1]
  return `${quoted(`authorization: ${scheme === undefined ? '' : `${scheme} `}`)}"$ACCESS_TOKEN"`
}

/** @param prefix in front of the value, or of the variable in its place */
function pair(prefix: string, name: string, value: string): string {
  return isCredential(name) ? `${quoted(prefix)}"$${name.toUpperCase().replaceAll('-', '_')}"` : quoted(prefix + value)
}

/** A server decides about values, so nothing in them may end the quotes. */
function quoted(text: string): string {
  // Control characters have no place in a command that is pasted into a terminal.
  return `'${text.replaceAll(/\p{Cc}/gu, ' ').replaceAll("'", String.raw`'\''`)}'`
}
