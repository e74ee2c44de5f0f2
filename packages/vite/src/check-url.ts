import { describeValue } from './check-shape.js'

/**
 * Throws an Error that names the option for what is not a URL of a web server.
 *
 * @param base the URL that a path is resolved at; without it, paths are refused, and so are queries, as in an issuer (RFC 8414, section 2)
 */
export function checkUrl(name: string, text: string, base?: string): void {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined
  const isWeb = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  if (isWeb && !text.includes('#') && (base !== undefined || !text.includes('?'))) return
  const expected =
    base === undefined
      ? 'an http or https URL without query and fragment, such as "https://id.example.com"'
      : 'an http or https URL without fragment, or a path, such as "/callback"'
  throw new Error(`[latchkey] "${name}" must be ${expected}. Received ${describeValue(text)}.`)
}
