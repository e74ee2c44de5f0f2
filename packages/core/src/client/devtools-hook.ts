/** What developer tools put on the global object, before the app creates its clients. Only development builds look for it. */
export interface DevtoolsHook {
  /** Returns the options that the client is created from. */
  readonly observe: <Options>(options: Options) => Options
  /** Called with each client that was created. */
  readonly note: (client: object) => void
}

interface Host {
  readonly latchkeyDevtools?: DevtoolsHook | undefined
}

// On the global object, because an app may load several copies of this package, and creates its clients wherever it likes.

/** Returns the options with which the developer tools, if there are any, record the messages of the client. */
export function observedOptions<Options>(options: Options): Options {
  return (globalThis as Host).latchkeyDevtools?.observe(options) ?? options
}

/** Shows a client to the developer tools, if there are any. */
export function noteClient(client: object): void {
  ;(globalThis as Host).latchkeyDevtools?.note(client)
}
