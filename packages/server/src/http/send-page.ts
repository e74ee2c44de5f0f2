import { randomGenerator } from '../token/token-generator.js'
import type { ServerContext } from '../options/server-context.js'
import type { Page } from '../site/site-adapter.js'

const random = randomGenerator({ bytes: 16 })

/** Exceptions from the content security policy of pages. */
export interface PagePolicy {
  /** Where the form may lead, beside this server. */
  readonly formTarget?: string | undefined
  /** URLs of its frames. */
  readonly frames?: readonly string[] | undefined
  /** Allow the script that has the nonce. */
  readonly allowScript?: boolean | undefined
}

/**
 * Sends a page with headers that forbid scripts, resources, framing and caching. Chromium applies `form-action` to redirects too, so
 * it must contain the client's origin.
 *
 * @see RFC 9700, section 4.16; RFC 6749, section 10.13
 */
export async function sendPage(
  page: Page | Response,
  server: Pick<ServerContext, 'issuer' | 'crossOriginOpenerPolicy'>,
  policy: PagePolicy = {},
): Promise<Response> {
  if (page instanceof Response) return page
  const nonce = await random.generate({ kind: 'other', issuer: server.issuer })
  const { formTarget, frames = [], allowScript = false } = policy
  const directives = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(allowScript ? [`script-src 'nonce-${nonce}'`] : []),
    ...(frames.length > 0 ? [`frame-src ${frames.map(asSource).join(' ')}`] : []),
    `form-action 'self'${formTarget === undefined ? '' : ` ${asSource(formTarget)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  const result: unknown = await page.html(nonce)
  // Hono's `html` may return a String object.
  const text = result?.valueOf()
  if (typeof text !== 'string')
    throw new TypeError(`site: the function "html" of a page must return a string; it returned another ${typeof result}`)
  return new Response(text, {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': directives.join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...(server.crossOriginOpenerPolicy && { 'cross-origin-opener-policy': server.crossOriginOpenerPolicy }),
    },
  })
}

/** IPv6 literals are not valid in a source expression, and private schemes have no origin: their scheme is used (CSP 3, section 2.3.1). */
function asSource(uri: string): string {
  const { origin, protocol, hostname } = new URL(uri)
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin
}
