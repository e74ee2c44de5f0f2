import { ClientSecretBasic } from 'oauth4webapi'
import type { ClientAuthenticationFunction } from '../protocol/client-authentication.js'

/**
 * Creates `client_secret_basic`: id and secret in the `Authorization` header.
 *
 * @param options `rawBasic` skips the form-encoding of the two halves, for servers that do not decode them
 * @see RFC 6749, section 2.3.1 and Appendix B
 */
export function clientSecretBasic(
  clientSecret: string,
  options: { readonly rawBasic?: boolean | undefined } = {},
): ClientAuthenticationFunction {
  const encoded = ClientSecretBasic(clientSecret)
  return async (request, server, { clientId }) => {
    const headers = new Headers(request.headers)
    if (options.rawBasic) headers.set('authorization', `Basic ${btoa(`${clientId}:${clientSecret}`)}`)
    else await encoded({ issuer: server.issuer }, { client_id: clientId }, new URLSearchParams(), headers)

    return new Request(request, { headers })
  }
}

/** Creates `client_secret_post`: id and secret in the body. @see RFC 6749, section 2.3.1 */
export function clientSecretPost(clientSecret: string): ClientAuthenticationFunction {
  return (request, _server, { clientId }) => withParameters(request, { client_id: clientId, client_secret: clientSecret })
}

/** @returns the same request with more parameters in its form-encoded body */
export async function withParameters(request: Request, parameters: Readonly<Record<string, string>>): Promise<Request> {
  const body = new URLSearchParams(await request.clone().text())
  for (const [name, value] of Object.entries(parameters)) body.set(name, value)

  const headers = new Headers(request.headers)
  headers.delete('content-length')
  return new Request(request, { method: 'POST', body, headers })
}
