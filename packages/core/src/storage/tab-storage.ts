/**
 * This tab's `sessionStorage`, as JSON under keys with one prefix. It never throws: if it is missing, blocked or full, nothing is found
 * and nothing is kept.
 */
export class TabStorage {
  /** Undefined if it is missing or blocked. */
  readonly area: Storage | undefined
  readonly prefix: string

  /** @param page undefined in a worker or in a process */
  constructor(page: Pick<Window, 'sessionStorage'> | undefined, prefix: string) {
    // Reading the property throws if the browser forbids it.
    this.area = attempt(() => page?.sessionStorage)
    this.prefix = prefix
  }

  get(name: string): unknown {
    return attempt(() => JSON.parse(this.area?.getItem(this.prefix + name) ?? 'null') as unknown) ?? undefined
  }

  /** @returns why the value could not be kept; undefined if it was */
  set(name: string, value: unknown): unknown {
    try {
      if (!this.area) throw new TypeError('there is no sessionStorage')
      this.area.setItem(this.prefix + name, JSON.stringify(value))
      return undefined
    } catch (cause) {
      return cause
    }
  }

  remove(name: string): void {
    attempt(() => this.area?.removeItem(this.prefix + name))
  }
}

/** @returns undefined if the browser forbids it */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
