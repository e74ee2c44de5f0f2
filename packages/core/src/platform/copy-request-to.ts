/**
 * Copies a request to another URL. `new Request(url, request)` passes the body as a stream, which Chromium sends over HTTP/2 only, and
 * Firefox (which has no `Request.prototype.body`) not at all. So the body is read completely.
 */
export async function copyRequestTo(request: Request, url: URL): Promise<Request> {
  const { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = request
  const init = { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal }
  const body = method === 'GET' || method === 'HEAD' ? undefined : await request.blob()
  return new Request(url, body?.size ? { ...init, body } : init)
}
