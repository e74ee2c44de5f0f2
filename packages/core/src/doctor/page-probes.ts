import { startTimer, timeoutSignal } from '../platform/timer.js'
import { isAtAddress, responseParameters } from './is-at-address.js'
import { pageProbe } from './page-probe.js'
import type { Navigation, ProbeRequest, Probes, Reply } from './probes.js'
import { readStart } from './read-start.js'
import { serverPageText } from './server-page-text.js'
import { visitInFrame } from './visit-in-frame.js'

const TIMEOUT_MS = 10_000
/** The event of a policy arrives after the failure of the request. */
const POLICY_EVENT_MS = 50

type Page = Window & typeof globalThis

/** What probes in a page need. */
export interface PageProbeParts {
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly page: Page
}

/** Creates probes for a page: the browser decides what they see. */
export function pageProbes(parts: PageProbeParts): Probes {
  return {
    send: (url, request) => send(parts, url, request),
    navigate: (url, redirectUri) => navigate(parts, url, redirectUri),
    now: parts.now,
    page: pageProbe(parts.page),
  }
}

async function send(parts: PageProbeParts, url: string, request: ProbeRequest = {}): Promise<Reply> {
  const policy = watchPolicy(parts.page, url)
  try {
    const response = await parts.fetch(url, initOf(request))
    const text = await readStart(response)
    return {
      outcome: 'response',
      url: response.url === '' ? url : response.url,
      status: response.status,
      headers: response.headers,
      text,
    }
  } catch (cause) {
    const directive = await policy.violated()
    if (directive !== undefined) return { outcome: 'forbidden', directive }
    return await whyNothing(parts, { url, request, cause })
  } finally {
    policy.stop()
  }
}

function initOf({ method = 'GET', headers = {}, form }: ProbeRequest): RequestInit {
  return {
    method,
    headers,
    body: form ? new URLSearchParams(form) : null,
    credentials: 'omit',
    cache: 'no-store',
    redirect: form ? 'manual' : 'follow',
    signal: timeoutSignal(TIMEOUT_MS),
  }
}

/** The browser does not say why a request failed. One whose response it hides anyway succeeds if the server can be reached. */
async function whyNothing(
  { fetch, page }: PageProbeParts,
  { url, request, cause }: { readonly url: string; readonly request: ProbeRequest; readonly cause: unknown },
): Promise<Reply> {
  if (cause instanceof Error && cause.name === 'TimeoutError') return { outcome: 'unreachable', reason: 'timeout' }
  if (!page.navigator.onLine) return { outcome: 'unreachable', reason: 'this device is offline' }
  if (page.location.protocol === 'https:' && url.startsWith('http:') && !/^http:\/\/(?:localhost|127\.0\.0\.1)\b/.test(url))
    return { outcome: 'unreachable', reason: 'a page with https may not request http (mixed content)' }
  try {
    const { form, method = 'GET' } = request
    const body = form ? new URLSearchParams(form) : null
    await fetch(url, { method, body, mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: timeoutSignal(TIMEOUT_MS) })
    return { outcome: 'hidden' }
  } catch {
    return { outcome: 'unreachable', reason: 'wrong host name, refused connection or invalid certificate' }
  }
}

interface PolicyWatch {
  /** The directive that blocked a request to the origin of the URL. */
  violated(): Promise<string | undefined>
  stop(): void
}

function watchPolicy({ document }: Page, url: string): PolicyWatch {
  const { origin } = new URL(url)
  let directive: string | undefined
  const listener = ({ blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent): void => {
    if (disposition === 'enforce' && blockedURI.startsWith(origin)) directive = effectiveDirective
  }
  document.addEventListener('securitypolicyviolation', listener)
  return {
    violated: async () => {
      await new Promise<void>((resolve) => startTimer(resolve, POLICY_EVENT_MS))
      return directive
    },
    stop: () => document.removeEventListener('securitypolicyviolation', listener),
  }
}

async function navigate(parts: PageProbeParts, url: string, redirectUri: string): Promise<Navigation> {
  if (new URL(url).origin === parts.page.location.origin) return navigateOnOrigin(parts, url, redirectUri)
  const address = await visitInFrame(parts.page, url, (href) => isAtAddress(href, redirectUri))
  if (address !== undefined && isAtAddress(address.url, redirectUri))
    return { outcome: 'returned', parameters: responseParameters(address.url), pages: [] }
  return { outcome: 'page', pages: [] }
}

/** A server on the origin of the app, such as the one of the Vite plugin: the page can read all of it. */
async function navigateOnOrigin({ fetch }: PageProbeParts, url: string, redirectUri: string): Promise<Navigation> {
  try {
    const response = await fetch(url, { headers: { accept: 'text/html' }, cache: 'no-store', signal: timeoutSignal(TIMEOUT_MS) })
    const pages = [{ url: response.url, headers: response.headers }]
    if (isAtAddress(response.url, redirectUri))
      return { outcome: 'returned', parameters: responseParameters(response.url), pages }
    const text = serverPageText(await readStart(response), [response.url])
    return { outcome: 'page', page: { url: response.url, status: response.status, text }, pages }
  } catch {
    return { outcome: 'unreachable', reason: 'the browser gives no reason' }
  }
}
