/** A request of the doctor. */
export interface ProbeRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>
}

/** What became of a request. */
export type Reply =
  /** A response. `corsProblem` says why a page of the app could not read it. */
  | {
      readonly outcome: 'response'
      /** After redirects. */
      readonly url: string
      readonly status: number
      readonly headers: Headers
      /** The start of the body. */
      readonly text: string
      readonly corsProblem?: string | undefined
    }
  /** The server responds, and the browser hides the response from the page (CORS). */
  | { readonly outcome: 'hidden' }
  /** The Content Security Policy of the page forbids the request. */
  | { readonly outcome: 'forbidden'; readonly directive: string }
  /** No response. */
  | { readonly outcome: 'unreachable'; readonly reason: string }

/** A response that was received. */
export type ReceivedReply = Extract<Reply, { readonly outcome: 'response' }>

/** Where an authorization request leads. */
export type Navigation =
  /** To the redirect URI, with these parameters. */
  | { readonly outcome: 'returned'; readonly parameters: URLSearchParams; readonly pages: readonly PageHeaders[] }
  /** To a page of the server. Without text if the browser hides the page. */
  | { readonly outcome: 'page'; readonly page?: ServerPage | undefined; readonly pages: readonly PageHeaders[] }
  | { readonly outcome: 'unreachable'; readonly reason: string }

/** The page that an authorization request ends at. */
export interface ServerPage {
  readonly url: string
  readonly status: number
  /** The visible text, with what the addresses on the way say about an error. */
  readonly text: string
}

/** The headers of one response on the way. */
export interface PageHeaders {
  readonly url: string
  readonly headers: Headers
}

/** How the doctor looks at a set-up: over the network, and from inside a page. Checks use nothing else. */
export interface Probes {
  /** Sends a request as a page of the app does. Never rejects. */
  send(url: string, request?: ProbeRequest): Promise<Reply>
  /** Follows an authorization request without a user. Never rejects. */
  navigate(url: string, redirectUri: string): Promise<Navigation>
  /** Milliseconds since the epoch. */
  now(): number
  /** The page; undefined elsewhere. */
  readonly page?: PageProbe | undefined
}

/** What only a page can tell. */
export interface PageProbe {
  readonly origin: string
  readonly isSecureContext: boolean
  readonly hasWebCrypto: boolean
  /** The kinds of storage that the browser blocks, such as `sessionStorage`. */
  blockedStorage(): Promise<readonly string[]>
  /** Loads a page of the app in a frame without scripts. */
  loadCallback(redirectUri: string): Promise<FramedCallback>
  /** The service workers whose scope includes the URL. */
  serviceWorkers(url: string): Promise<readonly ServiceWorkerFacts[]>
  /** The addresses in caches of this origin that contain an authorization response. */
  cachedResponses(): Promise<readonly string[]>
  /** The addresses that scripts of this library were loaded from. */
  libraryScripts(): readonly string[]
}

/** A page of the app in a frame. */
export type FramedCallback =
  /** `isOfServiceWorker`: a service worker handled the request. */
  | { readonly outcome: 'loaded'; readonly url: string; readonly isOfServiceWorker: boolean }
  /** The browser shows nothing of it: blocked, another origin, or no response. */
  | { readonly outcome: 'hidden' }

/** A registered service worker. */
export interface ServiceWorkerFacts {
  readonly scope: string
  readonly script: string
}
