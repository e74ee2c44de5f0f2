import type { Environment } from '@latchkey/core'

/** Opens popups with a changed URL, as an attacker between the app and the server would. */
export function openAlteredPopup(alter: (url: URL) => URL): NonNullable<Environment['openWindow']> {
  return (url, target, features) => {
    const popup = window.open(url, target, features)
    return (
      popup &&
      new Proxy(popup, {
        get: (_, member) => (member === 'location' ? alteredLocation(popup, alter) : memberOf(popup, member)),
      })
    )
  }
}

function alteredLocation(popup: Window, alter: (url: URL) => URL): Pick<Location, 'href' | 'replace'> {
  return {
    get href() {
      return popup.location.href
    },
    replace: (url) => popup.location.replace(alter(new URL(url))),
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
