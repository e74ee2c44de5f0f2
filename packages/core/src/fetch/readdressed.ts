/**
 * The same request to another URL. `new Request(url, request)` would not do: it hands the body on as a stream, which Chromium sends
 * over HTTP/2 alone, and Firefox (which has no `Request.prototype.body`) not at all. So the body is read whole.
 */
export async function readdressed(request: Request, url: URL): Promise<Request> {
  const { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = request
  const init = { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal }
  const body = method === 'GET' || method === 'HEAD' ? undefined : await request.blob()
  return new Request(url, body?.size ? { ...init, body } : init)
}
