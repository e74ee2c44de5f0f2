/** How the browser goes to the authorization server and back. */
export type TransportName = 'redirect' | 'popup' | 'iframe'

/** What a transport needs for one trip. */
export interface NavigateRequest {
  readonly url: URL
  /** The `state` of the transaction; the answer is found by it. */
  readonly state: string
  readonly redirectUri: string
  readonly signal?: AbortSignal | undefined
}

/**
 * One trip to the authorization server. The same interface serves hosts of one's own: extensions, Electron, Capacitor.
 */
export interface Transport {
  readonly name: TransportName | (string & {})
  /**
   * Called synchronously inside the click, before the request is built, so that a popup is not blocked.
   *
   * @returns the trip
   */
  prepare(): TransportTrip
}

export interface TransportTrip {
  /**
   * @returns the callback URL with the authorization response; `undefined` when this page itself is leaving (redirect)
   *   and came back without having left
   * @throws InteractionError popup_blocked, popup_closed, iframe_blocked, aborted
   */
  navigate(request: NavigateRequest): Promise<URL | undefined>
  /** Undoes `prepare` when the request could not be built. */
  cancel(): void
}
