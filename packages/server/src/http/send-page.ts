import { randomGenerator } from '../token/token-generator.js'
import type { ServerParts } from '../options/server-parts.js'
import type { Page } from '../site/site-adapter.js'

const random = randomGenerator({ bytes: 16 })

/** What a page may do beside standing there. */
export interface PagePolicy {
  /** Where the form may end up, beside this server. */
  readonly formTarget?: string | undefined
  /** Addresses of the frames in it. */
  readonly frames?: readonly string[]
  /** Let the script run that carries the nonce. */
  readonly allowScript?: boolean
}

/**
 * Sends a page with the headers that no page of an authorization server goes without: nothing runs, nothing is loaded, nobody
 * frames it, nobody caches it. Chromium holds `form-action` against redirects too, so that the client's own origin must be in it.
 *
 * @see RFC 9700, section 4.16; RFC 6749, section 10.13
 */
export async function sendPage(page: Page | Response, server: ServerParts, policy: PagePolicy = {}): Promise<Response> {
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
  return new Response(await page.html(nonce), {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': directives.join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...(server.crossOriginOpenerPolicy === undefined ? {} : { 'cross-origin-opener-policy': server.crossOriginOpenerPolicy }),
    },
  })
}

/** A source expression has no place for IPv6 literals, custom schemes have no origin: these are named by their scheme (CSP 3, section 2.3.1). */
function asSource(address: string): string {
  const { origin, protocol, hostname } = new URL(address)
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin
}
