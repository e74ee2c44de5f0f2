const WRITE_EVERY_MS = 1000

/** When somebody was last active in any tab of this origin, in `localStorage`. Where that is blocked, each tab counts for itself. */
export class SharedActivity {
  #written = 0
  #pending: ReturnType<typeof setTimeout> | undefined
  readonly #key: string
  readonly #page: Window

  constructor(page: Window, clientKey: string) {
    this.#page = page
    this.#key = `latchkey/${clientKey}/activity`
  }

  /** Milliseconds since the epoch, device clock; undefined when no tab has noted any. */
  get at(): number | undefined {
    return this.#number(/^active:(\d+)$/)
  }

  /** As `at`: when a tab took it on itself to end the idle session. */
  get endedAt(): number | undefined {
    return this.#number(/^ended:(\d+)$/)
  }

  /** Writes at most once a second: the first at once, the last of those in between when the second is over. */
  note(at: number): void {
    clearTimeout(this.#pending)
    const wait = this.#written + WRITE_EVERY_MS - at
    // A clock that was set back must not stop the writing.
    if (wait <= 0 || wait > WRITE_EVERY_MS) this.#write(`active:${at}`, at)
    else this.#pending = setTimeout(() => this.#write(`active:${at}`, at), wait)
  }

  noteEnd(at: number): void {
    clearTimeout(this.#pending)
    this.#write(`ended:${at}`, 0)
  }

  /** Called when another tab has written. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.#page.addEventListener('storage', ({ key }) => key === this.#key && listener(), { signal })
    signal.addEventListener('abort', () => clearTimeout(this.#pending))
  }

  #number(form: RegExp): number | undefined {
    try {
      const digits = form.exec(this.#page.localStorage.getItem(this.#key) ?? '')?.[1]
      return digits === undefined ? undefined : Number(digits)
    } catch {
      return undefined
    }
  }

  #write(text: string, at: number): void {
    this.#written = at
    try {
      this.#page.localStorage.setItem(this.#key, text)
    } catch {
      // Blocked or full: this tab goes on by what it saw itself.
    }
  }
}
