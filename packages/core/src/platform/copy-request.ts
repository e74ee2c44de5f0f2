/** Copies a request with changes. `new Request(request, init)` alone resets its referrer and referrer policy (Fetch, section 5.4). */
export function copyRequest(request: Request, init: RequestInit): Request {
  const { referrer, referrerPolicy } = request
  return new Request(request, { referrer, referrerPolicy, ...init })
}
