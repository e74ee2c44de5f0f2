import { allowedHosts, isAllowedHost } from '../http/allowed-hosts.js'
import { guardedFetch } from '../http/guarded-fetch.js'
import { isLoopbackUrl } from '../http/loopback.js'
import { parseUrl } from '../http/parse-url.js'
import { pinnedFetch } from '../http/pinned-fetch.js'
import type { ServerContext } from './server-context.js'
import type { AuthorizationServerOptions } from './server-options.js'

/** A server on loopback is for development, and its clients are beside it. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost', '.localhost']

/** Returns what this server's own requests are sent with. Throws a TypeError for `privateHosts` that cannot be read. */
export function outgoingRequests({
  issuer,
  privateHosts = isLoopbackUrl(issuer) ? LOOPBACK : [],
  fetch: send,
}: AuthorizationServerOptions): Pick<ServerContext, 'fetch' | 'mayFetch'> {
  const allowed = allowedHosts(privateHosts)
  return {
    fetch: guardedFetch(send ?? pinnedFetch(allowed), allowed),
    mayFetch(text) {
      const url = parseUrl(text)
      return url !== undefined && isAllowedHost(url, allowed)
    },
  }
}
