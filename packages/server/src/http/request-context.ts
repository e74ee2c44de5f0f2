import type { ServerContext } from '../options/server-context.js'

/** One HTTP request while the server handles it. */
export interface RequestContext<Server extends ServerContext = ServerContext> {
  /** The HTTP request. */
  readonly request: Request
  /** The URL of the request; on a page, the one that its forms post to. */
  readonly url: URL
  /** What the host passed to `fetch` beside the request; passed on to the site adapter as it is. */
  readonly env: unknown
  /** The server that handles it. */
  readonly server: Server
  /** Headers added to the response, error or not: cookies, DPoP nonces. */
  readonly headers: Headers
}
