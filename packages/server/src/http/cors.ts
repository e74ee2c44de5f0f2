import { Reply, withHeaders, type RouteResult } from './reply.js'

/** Headers that scripts of other origins may read. */
const EXPOSED_HEADERS = 'WWW-Authenticate,DPoP-Nonce,Date,Retry-After'

/** Lets scripts of other origins call an endpoint. @see Fetch Standard, section 3.2 */
export interface Cors {
  /** Returns the response to a preflight request. */
  preflight(request: Request): RouteResult
  /** Adds the headers that let a script read the response. */
  expose(result: RouteResult, request: Request): RouteResult
}

/** @param allowed `*`, or the origins that are allowed */
export function createCors(allowed: string | readonly string[]): Cors {
  const isAny = allowed === '*'
  const origins = typeof allowed === 'string' ? [allowed] : allowed
  const forAll = { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED_HEADERS }
  const headersFor = (request: Request): Record<string, string> => {
    if (isAny) return forAll
    const origin = request.headers.get('origin') ?? ''
    const named = origins.includes(origin) && origin !== '' ? { 'access-control-allow-origin': origin } : {}
    return { ...named, 'access-control-expose-headers': EXPOSED_HEADERS }
  }
  return {
    preflight(request) {
      return new Reply(null, 204, {
        ...headersFor(request),
        'access-control-max-age': '600',
        'access-control-allow-methods': 'GET,POST,PUT,DELETE,OPTIONS',
        'access-control-allow-headers': 'Authorization,Content-Type,DPoP,Accept',
        vary: isAny ? 'Access-Control-Request-Headers' : 'Origin, Access-Control-Request-Headers',
      })
    },
    expose(result, request) {
      const added = headersFor(request)
      const vary = isAny ? {} : { vary: [varyOf(result), 'Origin'].filter((value) => value !== '').join(', ') }
      if (result instanceof Reply) return new Reply(result.body, result.status, Object.assign({}, result.headers, added, vary))
      return withHeaders(result, new Headers({ ...added, ...vary }))
    },
  }
}

function varyOf({ headers }: RouteResult): string {
  const vary = headers instanceof Headers ? headers.get('vary') : headers['vary']
  return vary?.toString() ?? ''
}
