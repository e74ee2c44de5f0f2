import { bufferedBody } from './buffered-request.js'
import { OAuthError } from './oauth-error.js'

/** No request to an authorization server needs a larger body. */
export const MAX_BYTES = 65_536

/**
 * Reads a form-encoded body; an empty one has no parameters, whatever its media type. @see RFC 6749, section 3.2 and appendix B
 *
 * @throws OAuthError `invalid_request`: 415 for another content type, 413 for a body that is too large
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const buffered = bufferedBody(request)
  const text = buffered ? asText(buffered) : await readText(request)
  // An empty body needs no media type, and `fetch` gives an empty string that of plain text.
  if (type !== 'application/x-www-form-urlencoded' && text !== '')
    throw new OAuthError('invalid_request', 'the body must be application/x-www-form-urlencoded', { status: 415 })
  checkPercentEncoding(text)
  return new URLSearchParams(text)
}

/** Throws OAuthError `invalid_request` for percent-encoded bytes that are not UTF-8: `URLSearchParams` would replace them. */
export function checkPercentEncoding(text: string): void {
  if (!/[%\0]/.test(text)) return
  // A null character has no meaning in any parameter, and databases refuse it.
  if (text.includes('%00') || text.includes('\0')) throw new OAuthError('invalid_request', 'a parameter has a null character')
  try {
    for (const [bytes] of text.matchAll(/(?:%[0-9a-f]{2})+/gi)) decodeURIComponent(bytes)
  } catch (cause) {
    throw new OAuthError('invalid_request', 'a parameter is not UTF-8 (RFC 6749, appendix B)', { cause })
  }
}

/** Returns the body as text. Throws OAuthError `invalid_request` if it is too large or not UTF-8. */
export async function readText(request: Request): Promise<string> {
  return asText(await readBytes(request))
}

/**
 * Returns the body of another server's response as text. Counts its bytes, since `content-length` is the length before decompression.
 *
 * @throws OAuthError `invalid_request` if it is too large or not UTF-8
 */
export async function readResponseText(response: Pick<Response, 'body'>): Promise<string> {
  return asText(await readUpToLimit(response))
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

function asText(bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_BYTES)
    throw new OAuthError('invalid_request', `the body is larger than ${MAX_BYTES} bytes`, { status: 413 })
  try {
    return UTF_8.decode(bytes)
  } catch (cause) {
    throw new OAuthError('invalid_request', 'the body is not UTF-8', { cause })
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  try {
    // HTTP limits a sender to its announced length, and reading the whole body at once is faster. Without a length, bytes are counted.
    const announced = Number(request.headers.get('content-length') ?? Number.NaN)
    if (announced <= MAX_BYTES) return new Uint8Array(await request.arrayBuffer())
    return await readUpToLimit(request)
  } catch (cause) {
    throw new OAuthError(
      'invalid_request',
      'the body could not be read: it is incomplete, or a body parser has read it before this server',
      { cause },
    )
  }
}

/** Returns the body. Stops once it is known to be larger than the limit: what is returned is then larger too. */
export async function readUpToLimit(
  message: Pick<Request | Response, 'body'>,
  limit: number = MAX_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const reader = message.body?.getReader()
  let size = 0
  for (let result = await reader?.read(); result && !result.done; result = await reader?.read()) {
    size += result.value.byteLength
    chunks.push(new Uint8Array(result.value))
    if (size > limit) break
  }
  // Not awaited: the copy of a body is only cancelled once the host has read or cancelled the other one.
  if (size > limit) reader?.cancel().catch(() => undefined)
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
