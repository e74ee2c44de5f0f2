import { startTimer, type Timer } from '../platform/timer.js'

const WRITE_EVERY_MS = 1000

/** The time of the last activity in any tab of this origin, in `localStorage`. If that is blocked, each tab only knows its own. */
export class SharedActivity {
  #written = 0
  #pending: Timer | undefined
  readonly #key: string
  readonly #page: Window

  constructor(page: Window, clientKey: string) {
    this.#page = page
    this.#key = `latchkey/${clientKey}/activity`
  }

  /** Milliseconds since the epoch, device clock; undefined if no tab has recorded any. */
  get at(): number | undefined {
    return this.#number(/^active:(\d+)$/)
  }

  /** As `at`: the time at which a tab started to end the idle session. */
  get endedAt(): number | undefined {
    return this.#number(/^ended:(\d+)$/)
  }

  /** Writes at most once a second: the first activity immediately, the last of the following ones when the second is over. */
  note(at: number): void {
    clearTimeout(this.#pending)
    const wait = this.#written + WRITE_EVERY_MS - at
    // A clock that was set back must not block the writes.
    if (wait <= 0 || wait > WRITE_EVERY_MS) this.#write(`active:${at}`, at)
    else this.#pending = startTimer(() => this.#write(`active:${at}`, at), wait)
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
      // Blocked or full: this tab uses its own activity only.
    }
  }
}
