import { ISSUER } from '../test-server.fixture.js'
import { MARKUP } from './mutations.fixture.js'

/** What OAuth allows in `error` and `error_description`. @see RFC 6749, section 5.2 */
const ERROR_TEXT = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/
const TARGETS: readonly string[] = [
  ISSUER,
  'https://app.example/callback',
  'https://app.example/bye',
  'https://web.example/cb',
  'http://127.0.0.1:4711/callback',
  'http://127.0.0.1/callback',
]

/** Returns what is wrong with a response to a hostile request; undefined if it is as it must be. */
export async function findProblem(response: Response): Promise<string | undefined> {
  const { status, headers } = response
  const text = await response.text()
  const type = headers.get('content-type') ?? ''
  if (status >= 500) return `status ${status}`
  if (/\bat .*\.ts:\d/.test(text)) return 'a stack trace'
  const location = headers.get('location') ?? ISSUER
  if (!TARGETS.some((target) => location.startsWith(target))) return `a redirect to ${location}`
  if (location.includes('wonderland')) return 'a password in a URL'
  if (type.startsWith('text/html')) return findMarkup(text, headers)
  if (status >= 400 && text !== '') return findErrorProblem(text, type, headers)
  return status === 401 && !headers.has('www-authenticate') ? 'no challenge' : undefined
}

function findMarkup(text: string, headers: Headers): string | undefined {
  if (text.includes(MARKUP) || /<i onclick|<script>alert|" ?onclick/.test(text)) return 'markup that is not escaped'
  return headers.get('content-security-policy')?.includes("default-src 'none'") ? undefined : 'a page without its policy'
}

function findErrorProblem(text: string, type: string, headers: Headers): string | undefined {
  if (!type.startsWith('application/json')) return `an error of type ${type}`
  const body = JSON.parse(text) as Readonly<Record<string, unknown>>
  const members = [body['error'], body['error_description']]
  if (!members.every((member) => typeof member === 'string' && ERROR_TEXT.test(member))) return `a malformed error: ${text}`
  return headers.get('cache-control') === 'no-store' ? undefined : 'an error that is cached'
}
