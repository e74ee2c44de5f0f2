import type { OAuth1ClientOptions } from './oauth1-client-options.js'

/** Sends a signed request to the proxy, if there is one. Its body is read completely. */
export async function throughProxy({ proxy }: Pick<OAuth1ClientOptions, 'proxy'>, request: Request): Promise<Request> {
  if (!proxy) return request
  const { method, headers, credentials, redirect, signal } = request
  const body = method === 'GET' || method === 'HEAD' ? undefined : await request.blob()
  return new Request(proxy(new URL(request.url)), { method, headers, credentials, redirect, signal, ...(body?.size && { body }) })
}
