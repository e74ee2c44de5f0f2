import { createError } from '../errors/create-error.js'
import { copyRequest } from '../platform/copy-request.js'

/** Browsers hide the status of a redirect that they did not follow, other runtimes do not. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Why a redirect is not followed, for the error. */
export interface RedirectRefusal {
  /** What would be sent to the other address: `the token in the query`. */
  readonly what: string
  readonly spec: string
}

/**
 * Sends a request whose redirects would carry something to another address that is for this address alone.
 *
 * @param transmit sends the finished request
 * @throws ValidationError invalid_response for a redirect, unless the caller set `redirect` to another value than `follow`
 */
export async function sendWithoutRedirect(
  request: Request,
  transmit: (request: Request) => Promise<Response>,
  { what, spec }: RedirectRefusal,
): Promise<Response> {
  if (request.redirect !== 'follow') return transmit(request)
  const response = await transmit(copyRequest(request, { redirect: 'manual' }))
  if (response.type !== 'opaqueredirect' && !REDIRECTS.has(response.status)) return response
  await response.body?.cancel()
  throw createError('invalid_response', `The API responded with a redirect, which does not get ${what}.`, {
    hint: 'Call the address that it leads to, if that one is among "resources".',
    spec,
    ...(response.status === 0 ? {} : { status: response.status }),
  })
}
