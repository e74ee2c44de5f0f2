import { randomGenerator } from '../tokens/token-generator.js'
import type { ServerParts } from '../server-parts.js'
import type { Page } from '../site/site-adapter.js'

const random = randomGenerator({ bytes: 16 })

/**
 * Sends a page with the headers that no page of an authorization server goes without: nothing runs, nothing is loaded, nobody
 * frames it, nobody caches it. Chromium holds `form-action` against redirects too, so that the client's own origin must be in it.
 *
 * @param redirectUri where the form may end up, beside this server
 * @see RFC 9700, section 4.16; RFC 6749, section 10.13
 */
export async function sendPage(page: Page | Response, server: ServerParts, redirectUri?: string): Promise<Response> {
  if (page instanceof Response) return page
  const nonce = await random.generate({ kind: 'other', issuer: server.issuer })
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `form-action 'self'${redirectUri === undefined ? '' : ` ${formTarget(redirectUri)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return new Response(await page.html(nonce), {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...(server.crossOriginOpenerPolicy === undefined ? {} : { 'cross-origin-opener-policy': server.crossOriginOpenerPolicy }),
    },
  })
}

/** A source expression has no place for IPv6 literals, custom schemes have no origin: these are named by their scheme (CSP 3, section 2.3.1). */
function formTarget(redirectUri: string): string {
  const { origin, protocol, hostname } = new URL(redirectUri)
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin
}
