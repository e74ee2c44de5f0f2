import type { Environment } from '@latchkey/core'
import { relayCallback } from '@latchkey/core/callback'

type Page = Window & typeof globalThis

/** Sends the user's browser to a URL of the server. @returns the first URL that is not the server's */
type Navigate = (url: URL) => Promise<URL>

/** What replaces the browser's navigation. */
interface TestBrowser {
  readonly handles: (url: URL) => boolean
  readonly navigate: Navigate
}

/**
 * Replaces the parts of a page that navigate: a test's page must stay, and no other host can be reached. A popup is a window in name only.
 *
 * @returns empty in a process without a page
 */
export function testPage(browser: TestBrowser): Partial<Environment> {
  const page = typeof window === 'undefined' || typeof document === 'undefined' ? undefined : window
  if (!page) return {}
  const navigates = (url: string | URL): void => endPage(page, new URL(url, page.location.href), browser)
  // Of the location itself a proxy could not replace a function: none of its members can be changed.
  const location = new Proxy({} as Location, {
    get: (_, member) => (member === 'assign' || member === 'replace' ? navigates : bound(page.location, member)),
  })
  // Without members of its own, so that an assertion that compares options does not walk through the window.
  const proxy: Page = new Proxy({} as Page, {
    has: (_, member) => member in page,
    get(_, member) {
      if (member === 'location') return location
      // Otherwise a page in jsdom waits for a second before it looks at its token.
      if (member === 'requestIdleCallback') return (work: () => void) => queueMicrotask(work)
      const value = bound(page, member)
      // A page that is not in a frame is its own parent.
      return value === page ? proxy : value
    },
  })
  return { window: proxy, openWindow: () => testPopup(browser) }
}

/** A function of a window must be called on the window itself. */
function bound(target: object, member: string | symbol): unknown {
  const value: unknown = Reflect.get(target, member)
  return typeof value === 'function' && !/^[A-Z]/.test(String(member)) ? (value.bind(target) as unknown) : value
}

/** A sign-out navigates to the end session endpoint and comes back: for the app, as out of the back/forward cache. */
function endPage(page: Page, url: URL, { handles, navigate }: TestBrowser): void {
  if (!handles(url)) return page.location.assign(url)
  if (url.searchParams.has('response_type')) {
    throw new TypeError(
      'A redirect to the authorization server would end the test page. Use the transport of the server’s "options", or a popup.',
    )
  }
  const restore = (): void => {
    const event = new Event('pageshow')
    Object.defineProperty(event, 'persisted', { value: true })
    page.dispatchEvent(event)
  }
  // A server that cannot be reached shows an error page, from which the user goes back.
  void navigate(url).then(restore, restore)
}

/** Signs in as soon as it gets the URL of the authorization request, and sends the response as the callback page does. */
function testPopup({ navigate }: TestBrowser): Window {
  const history = { state: null, replaceState: () => undefined }
  const popup = {
    closed: false,
    opener: null,
    document: { title: '', body: { textContent: '' }, defaultView: null },
    sessionStorage: { setItem: () => undefined, getItem: () => null, removeItem: () => undefined },
    location: {
      href: 'about:blank',
      replace(url: string | URL) {
        popup.location.href = String(url)
        void navigate(new URL(url)).then(
          ({ href }) => relayCallback({ ...popup, history, location: { href } } as unknown as Window),
          // The user closes the window with the error page.
          () => (popup.closed = true),
        )
      },
    },
    close: () => void (popup.closed = true),
    focus: () => undefined,
  }
  return popup as unknown as Window
}
