import { parseUrl } from '../../platform/parse-url.js'
import { type ContentPolicy, forbiddingDirective, policiesOf } from '../content-policy.js'
import {
  appOrigin,
  type Check,
  type CheckResult,
  type Examination,
  findingsOf,
  issuerOf,
  noteClock,
  redirectUriOf,
} from '../examination.js'
import type { Finding } from '../finding.js'
import { policyFinding } from '../policy-finding.js'
import type { ReceivedReply } from '../probes.js'
import { describeReply, quoted } from '../reply-texts.js'

/** A parameter that the page must not lose. It is not that of a response, so the page handles none. */
const MARK = 'latchkey-doctor'

/** Loads the page at the redirect URI: its status, its address after redirects, and its rules for frames and requests. */
export const checkCallbackPage: Check = {
  name: 'page at the redirect URI: status, frames and Content Security Policy',
  async run(examination) {
    const redirectUri = redirectUriOf(examination)
    if (redirectUri === undefined) return { skipped: 'it needs a redirect URI' }
    if (!/^https?:/.test(redirectUri)) return { skipped: 'the redirect URI is not that of a web page' }
    const elsewhere = otherOrigin(examination, redirectUri)
    return elsewhere ? [elsewhere] : loadPage(examination, redirectUri)
  },
}

/** The sign-in is stored on the origin that starts it: a page on another one cannot complete it. */
function otherOrigin(examination: Examination, redirectUri: string): Finding | undefined {
  const origin = appOrigin(examination)
  if ((parseUrl(redirectUri)?.origin ?? origin) === origin) return undefined
  return findingsOf(examination)('redirect_uri_other_origin', {
    seen: `The app is at ${origin}, and the redirect URI is ${redirectUri}.`,
    expected:
      'Both have the same scheme, host and port: the browser keeps the sign-in for one origin. "localhost" is another host than "127.0.0.1".',
    change: `Open the app at ${new URL(redirectUri).origin}, or set "redirectUri" to a page at ${origin} and register it.`,
  })
}

async function loadPage(examination: Examination, redirectUri: string): Promise<CheckResult> {
  const url = new URL(redirectUri)
  url.searchParams.set(MARK, '1')
  const reply = await examination.probes.send(url.href)
  const find = findingsOf(examination)
  const isPage = reply.outcome === 'response' && reply.status < 400
  if (!isPage || !/html/.test(reply.headers.get('content-type') ?? '')) {
    return [
      find('callback_unreachable', {
        severity: reply.outcome === 'response' ? 'error' : 'warning',
        seen: `${redirectUri}: ${describeReply(reply)}`,
        expected:
          'The page of the app, with a status of 200 and the content type text/html: the browser comes here after the sign-in.',
        change:
          'Have the web server send the app for this path (often called fallback or rewrite), or choose another "redirectUri".',
      }),
    ]
  }
  noteClock(examination, 'the web server of the app', reply.headers)
  const arrived = new URL(reply.url)
  if (arrived.origin !== url.origin || !arrived.searchParams.has(MARK)) {
    return [
      find('callback_loses_response', {
        seen: `${url.href} redirects to ${reply.url}.`,
        expected: 'No redirect, or one that keeps the origin and the query.',
        change:
          withoutMark(arrived) === redirectUri
            ? 'Stop the redirect at the web server or in the service worker.'
            : `Register the address after the redirect, ${withoutMark(arrived)}, or stop the redirect at the web server.`,
      }),
    ]
  }
  return checkRules(examination, reply)
}

function withoutMark(url: URL): string {
  const plain = new URL(url)
  plain.searchParams.delete(MARK)
  return plain.href
}

function checkRules(examination: Examination, page: ReceivedReply): readonly Finding[] {
  const policies = policiesOf(page)
  const frame = frameRule(examination, page, policies)
  const serverFrame = serverFrameRule(examination, policies, page)
  examination.isFrameBlocked = frame !== undefined || serverFrame !== undefined
  return [frame, requestRule(examination, policies, page.url), serverFrame].filter((finding) => finding !== undefined)
}

function frameRule(examination: Examination, page: ReceivedReply, policies: readonly ContentPolicy[]): Finding | undefined {
  const { origin } = new URL(page.url)
  const ancestors = forbiddingDirective(policies, ['frame-ancestors'], { url: origin, self: origin })
  const option = page.headers.get('x-frame-options')
  // A policy with frame-ancestors replaces the header (Content Security Policy 3, section 6.4.2).
  const isDenied = option?.trim().toLowerCase() === 'deny' && !policies.some((policy) => policy.has('frame-ancestors'))
  if (ancestors === undefined && !isDenied) return undefined
  const isNeeded = examination.setup.transport === 'iframe'
  return findingsOf(examination)('callback_not_frameable', {
    severity: isNeeded ? 'error' : 'note',
    seen: `The page at the redirect URI has ${ancestors === undefined ? `X-Frame-Options: ${option}` : quoted(ancestors)}.`,
    expected: "frame-ancestors 'self', or X-Frame-Options: SAMEORIGIN. Silent sign-in loads the page in a frame of the app.",
    change: "Change the header for this page to frame-ancestors 'self'. Without silent sign-in in frames, leave it.",
  })
}

function requestRule(examination: Examination, policies: readonly ContentPolicy[], self: string): Finding | undefined {
  const { metadata } = examination
  const addresses = [issuerOf(examination), metadata?.token_endpoint, metadata?.jwks_uri, metadata?.userinfo_endpoint]
  for (const url of addresses.filter((one) => one !== undefined && parseUrl(one))) {
    const directive = url && forbiddingDirective(policies, ['connect-src', 'default-src'], { url, self })
    if (url && directive) return policyFinding(examination, url, { seen: `The policy of the app has ${quoted(directive)}.` })
  }
  return undefined
}

function serverFrameRule(
  examination: Examination,
  policies: readonly ContentPolicy[],
  { url: self, headers }: ReceivedReply,
): Finding | undefined {
  const url = examination.metadata?.authorization_endpoint
  if (url === undefined || !parseUrl(url)) return undefined
  const directive = forbiddingDirective(policies, ['frame-src', 'child-src', 'default-src'], { url, self })
  const embedder = headers.get('cross-origin-embedder-policy')
  const isIsolated = embedder !== null && !embedder.startsWith('unsafe-none') && new URL(url).origin !== new URL(self).origin
  if (directive === undefined && !isIsolated) return undefined
  return findingsOf(examination)('csp_blocks_frame', {
    severity: examination.setup.transport === 'iframe' ? 'error' : 'note',
    seen: `The app has ${directive === undefined ? `Cross-Origin-Embedder-Policy: ${embedder}` : quoted(directive)}.`,
    expected: `Frames of ${new URL(url).origin} are allowed. Silent sign-in loads the server in a frame of the app.`,
    change: directive
      ? `Add ${new URL(url).origin} to frame-src. Without silent sign-in in frames, leave it.`
      : 'Remove the header, or sign in silently by refresh token only.',
  })
}
