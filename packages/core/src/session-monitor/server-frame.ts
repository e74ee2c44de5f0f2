/** The status of a `session_state`, as the server's frame reports it. @see OpenID Connect Session Management 1.0, section 3.2 */
export type FrameStatus = 'unchanged' | 'changed' | 'error'

/** The server's `check_session_iframe`, hidden in this page. Messages of other windows are ignored. */
export class ServerFrame {
  readonly #frame: HTMLIFrameElement
  readonly #origin: string
  readonly #removed = new AbortController()

  /** @param on `ready` is called when the frame has loaded, `status` with each response */
  constructor(
    page: Window & typeof globalThis,
    url: URL,
    on: { readonly ready: () => void; readonly status: (status: FrameStatus) => void },
  ) {
    const { signal } = this.#removed
    this.#origin = url.origin
    // oxlint-disable-next-line react/iframe-missing-sandbox -- it has one, two lines below
    this.#frame = page.document.createElement('iframe')
    this.#frame.hidden = true
    this.#frame.title = 'session check'
    // The frame needs its script and its cookies, nothing else.
    this.#frame.setAttribute('sandbox', 'allow-scripts allow-same-origin')
    this.#frame.addEventListener('load', on.ready, { signal })
    page.addEventListener('message', (event) => this.#isOwn(event) && isStatus(event.data) && on.status(event.data), { signal })
    this.#frame.src = url.href
    page.document.body.append(this.#frame)
  }

  /** Posts the message to the server's origin only. */
  ask(clientId: string, sessionState: string): void {
    this.#frame.contentWindow?.postMessage(`${clientId} ${sessionState}`, this.#origin)
  }

  remove(): void {
    this.#removed.abort()
    this.#frame.remove()
  }

  /** Both must match: another page can have the same origin, and the frame can be navigated elsewhere. */
  #isOwn({ origin, source }: MessageEvent): boolean {
    return origin === this.#origin && source === this.#frame.contentWindow && source !== null
  }
}

function isStatus(data: unknown): data is FrameStatus {
  return data === 'unchanged' || data === 'changed' || data === 'error'
}
