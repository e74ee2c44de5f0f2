import type { RequestContext } from '../http/request-context.js'

/** The endpoint of the public keys. @see RFC 7517, section 5 */
export async function jwks({ server }: RequestContext): Promise<Response> {
  return Response.json(await server.keys.publicKeys(), {
    headers: { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' },
  })
}
