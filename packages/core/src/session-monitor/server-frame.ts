/** What the server's frame says of a `session_state`. @see OpenID Connect Session Management 1.0, section 3.2 */
export type FrameAnswer = 'unchanged' | 'changed' | 'error'

/** The server's `check_session_iframe`, hidden in this page. A message that is not its own changes nothing. */
export class ServerFrame {
  readonly #frame: HTMLIFrameElement
  readonly #origin: string
  readonly #removed = new AbortController()

  /** @param onReady called when the frame can be asked */
  constructor(
    page: Window & typeof globalThis,
    url: URL,
    on: { readonly ready: () => void; readonly answer: (answer: FrameAnswer) => void },
  ) {
    const { signal } = this.#removed
    this.#origin = url.origin
    // oxlint-disable-next-line react/iframe-missing-sandbox -- it has one, two lines below
    this.#frame = page.document.createElement('iframe')
    this.#frame.hidden = true
    this.#frame.title = 'session check'
    // Its own script and its own cookies are all it needs.
    this.#frame.setAttribute('sandbox', 'allow-scripts allow-same-origin')
    this.#frame.addEventListener('load', on.ready, { signal })
    page.addEventListener('message', (event) => this.#isOwn(event) && isAnswer(event.data) && on.answer(event.data), { signal })
    this.#frame.src = url.href
    page.document.body.append(this.#frame)
  }

  /** The answer comes to this page's origin only, and the question reaches the server's origin only. */
  ask(clientId: string, sessionState: string): void {
    this.#frame.contentWindow?.postMessage(`${clientId} ${sessionState}`, this.#origin)
  }

  remove(): void {
    this.#removed.abort()
    this.#frame.remove()
  }

  /** The frame's own window, showing the server's own origin: each alone could be another page's doing. */
  #isOwn({ origin, source }: MessageEvent): boolean {
    return origin === this.#origin && source === this.#frame.contentWindow && source !== null
  }
}

function isAnswer(data: unknown): data is FrameAnswer {
  return data === 'unchanged' || data === 'changed' || data === 'error'
}
