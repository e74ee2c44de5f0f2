import type { Environment } from '@latchkey/core'

/**
 * Opens popups with a changed URL, as an attacker between the app and the server would.
 *
 * @param seemsClosed makes `closed` true as soon as the popup has left the blank page, as a Cross-Origin-Opener-Policy does
 */
export function openAlteredPopup(alter: (url: URL) => URL, seemsClosed = false): NonNullable<Environment['openWindow']> {
  return (url, target, features) => {
    const popup = window.open(url, target, features)
    if (!popup) return popup
    let hasNavigated = false
    const location = {
      get href() {
        return popup.location.href
      },
      replace(next: string) {
        hasNavigated = true
        popup.location.replace(alter(new URL(next)))
      },
    }
    return new Proxy(popup, {
      get(_, member) {
        if (member === 'location') return location
        return member === 'closed' && seemsClosed && hasNavigated ? true : memberOf(popup, member)
      },
    })
  }
}

/** A window's functions must be called on the window itself, not on the proxy. */
function memberOf(popup: Window, member: string | symbol): unknown {
  const value: unknown = Reflect.get(popup, member)
  return typeof value === 'function' ? (value.bind(popup) as unknown) : value
}

/** @returns the URL with another value of a parameter */
export function withParameter(url: URL, name: string, value: string): URL {
  const changed = new URL(url)
  changed.searchParams.set(name, value)
  return changed
}
