// oxlint-disable unicorn/consistent-function-scoping -- only the text of the exported function is written into the page, so its helpers must be inside of it
/**
 * Runs in the page: returns the page as a client sees it. Its `location` has the response until the client removes it, as from a page whose
 * URL has one; all else is the page's own.
 *
 * Its text is written into a module, so it uses nothing outside of itself.
 */
export function callbackPage(page: Window & typeof globalThis, href: string): Window & typeof globalThis {
  let isPending = true
  const original = new URL(href)
  const own = (target: object, name: PropertyKey): unknown => {
    const value: unknown = Reflect.get(target, name)
    // A method of the page needs its own object; a class must stay what it is.
    return typeof value === 'function' && /^[a-z]/.test(String(name)) ? (value.bind(target) as unknown) : value
  }
  const over = (target: object, get: (name: PropertyKey) => unknown): object =>
    new Proxy(
      {},
      {
        get: (_, name) => get(name),
        has: (_, name) => name in target,
        set: (_, name, value) => Reflect.set(target, name, value),
      },
    )
  const location = over(page.location, (name) => {
    const value: unknown = isPending ? Reflect.get(original, name) : undefined
    return typeof value === 'string' ? value : own(page.location, name)
  })
  const replaceState: History['replaceState'] = (state, unused, url) => {
    // A popup whose opener is gone shows its response again, for the app that continues in it. It stays out of the real URL.
    isPending = url !== undefined && url !== null && new URL(url, href).href === href
    if (!isPending) page.history.replaceState(state, unused, url)
  }
  const history = over(page.history, (name) => (name === 'replaceState' ? replaceState : own(page.history, name)))
  const facade = over(page, (name) => {
    if (name === 'location') return location
    if (name === 'history') return history
    const value = own(page, name)
    return value === page ? facade : value
  })
  return facade as Window & typeof globalThis
}
