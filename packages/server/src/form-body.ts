import { OAuthError } from './oauth-error.js'

/** Bytes; a request to an authorization server that is larger than this is none. */
const MAXIMUM_BYTES = 65_536

/**
 * Reads a form-encoded body, and nothing else. @see RFC 6749, section 3.2 and appendix B
 *
 * @throws OAuthError `invalid_request`: 415 for another content type, 413 for a body that is too large
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    throw new OAuthError('invalid_request', 'the body must be application/x-www-form-urlencoded', { status: 415 })
  }
  return new URLSearchParams(await readText(request))
}

/** @returns the body as text; throws OAuthError `invalid_request` where it is too large or is not UTF-8 */
export async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  try {
    // Counted while it arrives: a `Content-Length` may be missing or wrong.
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      if (size > MAXIMUM_BYTES) break
      text += decoder.decode(chunk, { stream: true })
    }
    text += decoder.decode()
  } catch (cause) {
    if (size <= MAXIMUM_BYTES) throw new OAuthError('invalid_request', 'the body is not UTF-8, or could not be read', { cause })
  }
  if (size > MAXIMUM_BYTES) {
    throw new OAuthError('invalid_request', `the body is larger than ${MAXIMUM_BYTES} bytes`, { status: 413 })
  }
  return text
}
