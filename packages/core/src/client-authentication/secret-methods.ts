import { ClientSecretBasic } from 'oauth4webapi'
import type { ClientAuthenticationFunction } from '../protocol/client-authentication.js'

export interface BasicOptions {
  readonly rawBasic?: boolean | undefined
}

/** See `clientSecretBasic` of the package. */
export function secretBasic(clientSecret: string, { rawBasic = false }: BasicOptions = {}): ClientAuthenticationFunction {
  const encoded = ClientSecretBasic(clientSecret)
  return async (request, server, { clientId }) => {
    const headers = new Headers(request.headers)
    if (rawBasic) headers.set('authorization', `Basic ${btoa(`${clientId}:${clientSecret}`)}`)
    else await encoded({ issuer: server.issuer }, { client_id: clientId }, new URLSearchParams(), headers)

    return new Request(request, { headers })
  }
}

/** See `clientSecretPost` of the package. */
export function secretPost(clientSecret: string): ClientAuthenticationFunction {
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
