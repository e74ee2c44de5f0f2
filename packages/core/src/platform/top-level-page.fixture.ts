/**
 * The page of a browser test, as a page that is in no frame. The test runner shows every test in one, where no silent sign-in starts:
 * pass it as `environment.window`.
 */
export function topLevelPage(): Window & typeof globalThis {
  return new Proxy(window, {
    get(page, name, proxy: unknown) {
      if (name === 'parent') return proxy
      const value: unknown = Reflect.get(page, name)
      // A method of the window needs the window itself.
      return typeof value === 'function' && !/^[A-Z]/.test(String(name)) ? (value.bind(page) as unknown) : value
    },
    set: (page, name, value) => Reflect.set(page, name, value),
  })
}
