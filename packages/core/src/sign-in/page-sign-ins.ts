type SharedWork = Promise<unknown> & { readonly owner?: object }

interface SharingWindow {
  latchkeySignIns?: Record<string, SharedWork>
}

/**
 * The sign-ins in progress of all clients of a page, by the client's key and what they do. They are in the window, because every
 * micro-frontend has its own copy of this library, and two clients with the same configuration must not do the same thing twice.
 */
export function signInsOf(page: Window): Record<string, SharedWork> {
  return ((page as SharingWindow).latchkeySignIns ??= {})
}
