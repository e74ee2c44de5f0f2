import { vi } from 'vitest'

/** Characters beyond ASCII that the slow functions may get: their cost grows with the square of them. */
const MAX_CHARACTERS = 500

/** What was given to a slow function since the last look. */
export interface SlowText {
  readonly found: string[]
  stop(): void
}

/**
 * Watches the functions of the platform whose cost grows with the square of the characters beyond ASCII: `normalize`, and the URL parser
 * for hosts (Punycode). A test of every endpoint finds a call that no cost test has thought of, whatever the machine.
 */
export function watchSlowText(): SlowText {
  const found: string[] = []
  const report = (name: string, text: string): void => {
    const { length } = text.replaceAll(/[\0-\u007F]/g, '')
    if (length > MAX_CHARACTERS) found.push(`${name} got ${length} characters beyond ASCII`)
  }
  const { URL: Url } = globalThis
  const original = Object.getOwnPropertyDescriptor(String.prototype, 'normalize')
  class WatchedUrl extends Url {
    static override canParse(url: string | URL, base?: string | URL): boolean {
      report('URL.canParse', hostOf(String(url)))
      return Url.canParse(url, base)
    }
    constructor(url: string | URL, base?: string | URL) {
      report('new URL', hostOf(String(url)))
      super(url, base)
    }
  }
  globalThis.URL = WatchedUrl as typeof URL
  const spy = vi.spyOn(String.prototype, 'normalize').mockImplementation(function watched(this: string, form?: string) {
    report('normalize', this)
    return Reflect.apply(original?.value as (form?: string) => string, this, [form])
  })
  return {
    found,
    stop() {
      globalThis.URL = Url
      spy.mockRestore()
    },
  }
}

/** Where the parser finds the host: a backslash is a slash to it. */
function hostOf(url: string): string {
  return /^(?:[a-z][a-z\d+.-]*:)?[/\\]+([^/\\?#]*)/i.exec(url.trim())?.[1] ?? ''
}
