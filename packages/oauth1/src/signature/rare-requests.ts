import { percentEncode } from './percent-encode.js'
import { FORM } from './form-body.js'
import type { ParameterPlacement } from './placement.js'
import { digest } from './digest.js'

// What few requests need, in a chunk of its own: parameters in body or query, and the hash of a body.

/** @returns the `oauth_body_hash` of a request @see OAuth Request Body Hash 1.0, section 3.2 */
export async function hashBody(hash: string, request: Request): Promise<string> {
  return digest(hash, await request.clone().arrayBuffer())
}

/**
 * Copies a request with the parameters in its body or query.
 *
 * @param form the form body as it is sent, if there is one
 * @throws TypeError if the body has no place for them
 */
export async function placeParameters(
  request: Request,
  placement: Exclude<ParameterPlacement, 'header'>,
  form: string | undefined,
  parameters: Iterable<readonly [string, string]>,
): Promise<Request> {
  if (placement === 'body') return withBody(request, withParameters(form ?? '', parameters), form === undefined)
  const url = new URL(request.url)
  // The setter drops one leading question mark, which may be one of the query's own.
  url.search = `?${withParameters(url.search.slice(1), parameters)}`
  return copyTo(url.href, request)
}

/** Adds the parameters to a form body or a query. @see RFC 5849, sections 3.5.2 and 3.5.3 */
export function withParameters(form: string, parameters: Iterable<readonly [string, string]>): string {
  const encoded = Array.from(parameters, (pair) => pair.map(percentEncode).join('='))
  return [...(form ? [form] : []), ...encoded].join('&')
}

async function withBody(request: Request, body: string, isNew: boolean): Promise<Request> {
  if (request.method === 'GET' || request.method === 'HEAD' || (isNew && request.body !== null)) {
    throw new TypeError(
      `The body of this ${request.method} request has no place for the "oauth_…" parameters: it needs a body of type ${FORM} (RFC 5849, section 3.5.2).`,
    )
  }
  const copy = await copyTo(request.url, request, body)
  copy.headers.set('content-type', FORM)
  return copy
}

/**
 * `new Request(url, request)` passes the body as a stream, which browsers send over HTTP/2 only and others without its length. So the body
 * is read completely.
 */
export async function copyTo(url: string, request: Request, form?: string): Promise<Request> {
  const { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = request
  const init = { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal }
  const body = method === 'GET' || method === 'HEAD' ? undefined : (form ?? (await request.blob()))
  return new Request(url, body === undefined || (body instanceof Blob && body.size === 0) ? init : { ...init, body })
}
