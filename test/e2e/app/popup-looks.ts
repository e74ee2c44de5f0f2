/** Counts in `window.popupLooks` how often the app reads `closed` of a popup, so that a test can wait for it. */
export function countPopupLooks(): void {
  const page = window as typeof window & { popupLooks?: number }
  const open = page.open.bind(page)
  page.popupLooks = 0
  page.open = (...args) => {
    const popup = open(...args)
    return popup && new Proxy(popup, { get: (target, key) => read(target, key) })
  }

  function read(popup: Window, key: string | symbol): unknown {
    if (key === 'closed') page.popupLooks = (page.popupLooks ?? 0) + 1
    const value: unknown = Reflect.get(popup, key)
    return typeof value === 'function' ? value.bind(popup) : value
  }
}
