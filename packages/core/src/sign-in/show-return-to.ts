/** Shows where the person was before the sign-in; routers that listen to `popstate` follow. */
export function showReturnTo(page: Window & typeof globalThis, returnTo: string): void {
  page.history.replaceState(page.history.state, '', returnTo)
  page.dispatchEvent(new page.PopStateEvent('popstate', { state: page.history.state as unknown }))
}
