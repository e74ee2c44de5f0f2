/** How the browser goes to the authorization server and back. */
export type TransportName = 'redirect' | 'popup' | 'iframe'

/** One authorization request that a transport sends. */
export interface NavigateRequest {
  readonly url: URL
  /** The `state` of the transaction, by which the response is found. */
  readonly state: string
  readonly redirectUri: string
  readonly signal?: AbortSignal | undefined
}

/** Goes to the authorization server and back. Implement it for custom hosts: extensions, Electron, Capacitor. */
export interface Transport {
  readonly name: TransportName | (string & {})
  /** Called synchronously inside the click, before the request is built, so that the browser does not block a popup. */
  prepare(): Navigation
}

/** One prepared navigation to the authorization server. */
export interface Navigation {
  /**
   * Waits for the authorization request, and rejects if the user closes the prepared window first. Default: waits.
   *
   * @param host of the authorization server, for a text in the window
   * @throws InteractionError popup_closed
   */
  whileBuilding?<Request>(request: Promise<Request>, host: string): Promise<Request>
  /**
   * @returns the callback URL with the authorization response; `undefined` if this page itself navigates (redirect), or was restored from the back/forward cache
   *   without having left
   * @throws InteractionError popup_blocked, popup_closed, iframe_blocked, aborted
   */
  navigate(request: NavigateRequest): Promise<URL | undefined>
  /** Undoes `prepare` if the request could not be built. */
  cancel(): void
}

/** What was done inside the click. */
export interface Opened {
  /** Of a custom transport. */
  readonly navigation?: Navigation | undefined
  /** Null if the browser blocked it. */
  readonly popup?: Window | null | undefined
  /** Why a custom transport failed. */
  readonly failure?: { readonly cause: unknown }
}

/** A navigation that was prepared inside the click, and the name of its transport. */
export interface PreparedNavigation {
  readonly transport: Pick<Transport, 'name'>
  readonly navigation: Navigation
}
