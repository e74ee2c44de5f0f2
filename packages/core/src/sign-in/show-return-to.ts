/** Shows the page on which the sign-in started. Routers that listen to `popstate` follow. */
export function showReturnTo(page: Window & typeof globalThis, returnTo: string): void {
  page.history.replaceState(page.history.state, '', returnTo)
  page.dispatchEvent(new page.PopStateEvent('popstate', { state: page.history.state as unknown }))
}
