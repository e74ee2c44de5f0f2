import type { ServerContext } from '../options/server-context.js'
import type { ResolvedGuessLimits } from './guess-limits.js'

const warned = new WeakSet<object>()

/** Says once that many wrong guesses are from one address: behind a proxy, it may be that of all users. */
export function warnOfSharedAddress(request: Request, { stores, issuer }: ServerContext, limits: ResolvedGuessLimits): void {
  if (limits.proxies > 0 || limits.addressOf || warned.has(stores)) return
  warned.add(stores)
  const hint = request.headers.has('x-forwarded-for') ? ' Its requests have "X-Forwarded-For".' : ''
  // oxlint-disable-next-line no-console -- the host must learn of it, and no request has failed
  console.warn(
    `latchkey: ${issuer}: many wrong passwords, codes or secrets are from one address.${hint} If that is the address of your reverse proxy, set "guessLimits.proxies" to the number of your proxies (latchkey server: --proxies).`,
  )
}
