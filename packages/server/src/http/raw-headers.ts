/** The headers of a request as Node has them. `Headers` are made of them only if someone needs more than a value. */
export class RawHeaders extends Headers {
  declare raw: readonly string[]
  declare lazyFull: Headers | undefined

  /** @param raw names and values by turns, as they were sent */
  static of(raw: readonly string[]): RawHeaders {
    // The constructor of `Headers` is what takes the time.
    const headers = Object.create(RawHeaders.prototype) as RawHeaders
    headers.raw = raw
    headers.lazyFull = undefined
    return headers
  }

  get full(): Headers {
    if (this.lazyFull) return this.lazyFull
    const full = new Headers()
    for (const [name, value] of pairs(this.raw)) full.append(name, value)
    this.lazyFull = full
    return full
  }
  override get(name: string): string | null {
    if (this.lazyFull) return this.lazyFull.get(name)
    const lower = name.toLowerCase()
    const { raw } = this
    let found: string | null = null
    for (let index = 0; index < raw.length; index += 2) {
      const candidate = raw[index] ?? ''
      if (candidate.length !== lower.length || candidate.toLowerCase() !== lower) continue
      // Several values are one list, and cookies are separated in another way (Fetch Standard, section 2.2.2; RFC 9113, section 8.2.3).
      const value = raw[index + 1] ?? ''
      found = found === null ? value : `${found}${lower === 'cookie' ? '; ' : ', '}${value}`
    }
    return found
  }
  override has(name: string): boolean {
    return this.get(name) !== null
  }
  override append(name: string, value: string): void {
    this.full.append(name, value)
  }
  override delete(name: string): void {
    this.full.delete(name)
  }
  override set(name: string, value: string): void {
    this.full.set(name, value)
  }
  override getSetCookie(): string[] {
    return this.full.getSetCookie()
  }
  override forEach(callback: (value: string, key: string, parent: Headers) => void): void {
    for (const [name, value] of this.full) callback(value, name, this)
  }
  override keys(): ReturnType<Headers['keys']> {
    return this.full.keys()
  }
  override values(): ReturnType<Headers['values']> {
    return this.full.values()
  }
  override entries(): ReturnType<Headers['entries']> {
    return this.full.entries()
  }
  override [Symbol.iterator](): ReturnType<Headers['entries']> {
    return this.full.entries()
  }
}

function* pairs(raw: readonly string[]): Generator<readonly [name: string, value: string]> {
  for (let index = 0; index < raw.length; index += 2) yield [raw[index] ?? '', raw[index + 1] ?? '']
}
