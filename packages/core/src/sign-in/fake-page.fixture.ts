import { onTestFinished } from 'vitest'
import { createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { storageArea } from '../storage/storage-area.fixture.js'

/** The redirect URI of the clients in these pages. */
export const pageRedirectUri = 'https://app.example/cb'

/** A page at an address, as far as a sign-in needs one. */
export class FakePage extends EventTarget {
  readonly sessionStorage: Storage
  readonly location: URL & { assign(url: string | URL): void }
  readonly assigned: string[] = []
  readonly history = { state: null, replaceState: (_state: unknown, _title: string, url: string | URL) => this.#show(url) }
  readonly document: unknown = Object.assign(new EventTarget(), {
    querySelector: () => null,
    baseURI: pageRedirectUri,
    visibilityState: 'visible',
  })
  readonly navigator: unknown = {}
  readonly PopStateEvent = Event
  name = ''
  parent: unknown = this
  closed = false

  constructor(address: string, sessionStorage: Storage = storageArea()) {
    super()
    this.sessionStorage = sessionStorage
    const assign = (url: string | URL): void => {
      this.assigned.push(String(url))
      this.dispatchEvent(new Event('left'))
    }
    this.location = Object.assign(new URL(address, pageRedirectUri), { assign })
  }

  readonly #onInput: Array<(event: Event) => void> = []

  override addEventListener(...[type, listener, options]: Parameters<EventTarget['addEventListener']>): void {
    if (type === 'pointerdown' && typeof listener === 'function') this.#onInput.push(listener)
    super.addEventListener(type, listener, options)
  }

  /** The user clicks in the page. An event that a script dispatches is no trusted one. */
  click(isTrusted = true): void {
    for (const listener of this.#onInput) listener({ isTrusted, type: 'pointerdown' } as Event)
  }

  get window(): Window & typeof globalThis {
    return this as unknown as Window & typeof globalThis
  }

  setTimeout(work: () => void, ms: number): unknown {
    return setTimeout(work, ms)
  }

  /**
   * Waits without a timer. A page that never leaves would otherwise be polled during the tests of other files, and `vi.waitUntil` moves
   * their fake clock on at each look.
   *
   * @returns the address for which the page has left. A test that empties `assigned` waits for the next one
   */
  async leaves(): Promise<string> {
    if (this.assigned.length === 0) await new Promise((resolve) => this.addEventListener('left', resolve, { once: true }))
    return this.assigned[0] ?? ''
  }

  #show(url: string | URL): void {
    const shown = new URL(url, this.location.href)
    // As browsers do.
    if (shown.origin !== this.location.origin) throw new DOMException('another origin', 'SecurityError')
    this.location.href = shown.href
  }

  /** Opens a client in the page. */
  async open(options: Partial<ClientOptions> = {}): Promise<ClientBench> {
    const bench = await createClientBench({
      redirectUri: pageRedirectUri,
      transport: 'redirect',
      storage: sharedStorage(),
      environment: { window: this.window },
      ...options,
    })
    onTestFinished(() => bench.client.close())
    return bench
  }
}

/** A page of the tab, and its client. */
export interface OpenPage {
  readonly page: FakePage
  readonly client: OAuthClient
}

/** A tab that has left for a sign-in. */
export interface TabOfSignIn {
  readonly bench: ClientBench
  /** The page that it left. */
  readonly page: FakePage
  /** The `state` of the request. */
  readonly state: string
  /** Opens an address in the tab, with the same client. */
  readonly open: (address: string) => Promise<OpenPage>
}

/** A tab that has left for a sign-in. */
export async function leftForSignIn(
  options: Partial<ClientOptions> = {},
  login: Parameters<OAuthClient['login']>[0] = {},
): Promise<TabOfSignIn> {
  const start = new FakePage('/start')
  const bench = await start.open(options)
  await bench.client.start()
  void bench.client.login(login)
  const request = new URL(await start.leaves())
  const open = async (address: string): Promise<OpenPage> => {
    const page = new FakePage(address, start.sessionStorage)
    const client = createOAuthClient({ ...bench.client.options, environment: { window: page.window } } as ClientOptions)
    onTestFinished(() => client.close())
    await client.start()
    return { page, client }
  }
  return { bench, page: start, open, state: request.searchParams.get('state') ?? '' }
}
