import type { ClientAuthenticationFunction } from '../protocol/client-authentication.js'

export interface BasicOptions {
  readonly rawBasic?: boolean | undefined
}

/** See `clientSecretBasic` of the package. */
export function secretBasic(clientSecret: string, { rawBasic = false }: BasicOptions = {}): ClientAuthenticationFunction {
  return (request, _server, { clientId }) => {
    const [name, password] = rawBasic ? [clientId, clientSecret] : [formEncoded(clientId), formEncoded(clientSecret)]
    const headers = new Headers(request.headers)
    headers.set('authorization', `Basic ${btoa(`${name}:${password}`)}`)
    return new Request(request, { headers })
  }
}

/** @see RFC 6749, appendix B */
function formEncoded(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1)
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
