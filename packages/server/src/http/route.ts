import type { ServerContext } from '../options/server-context.js'
import type { RouteResult } from './reply.js'
import type { RequestContext } from './request-context.js'

/** An endpoint: its path, its methods, and who calls it. */
export interface Route<Server extends ServerContext = ServerContext> {
  /** Under the issuer's path; a segment that starts with `:` matches any text. */
  readonly path: string
  /** The HTTP methods; others get 405. */
  readonly methods: readonly string[]
  /** Handles a request; may throw an `OAuthError`. */
  readonly handle: (context: RequestContext<Server>) => Promise<RouteResult>
  /** `page`: a user in a browser, errors are shown as a page; `script`: CORS, errors are JSON. */
  readonly audience: 'page' | 'script'
  /** Whether clients authenticate here: then a client assertion may name the endpoint as its audience. */
  readonly authenticatesClients?: boolean
}
