import { readBounded } from './read-bounded.js'
import { ResourceError } from './resource-error.js'

/** Bytes of a form with a token. */
const MAX_BYTES = 65_536

/** Reads a form. Throws ResourceError `invalid_request` for one that is too large (413), incomplete, or not UTF-8. */
export async function readForm(message: Pick<Request, 'body'>): Promise<URLSearchParams> {
  const text = await readBounded(message, MAX_BYTES).catch((cause: unknown) => {
    throw new ResourceError('invalid_request', 'the form could not be read', { cause })
  })
  if (text !== undefined) return new URLSearchParams(text)
  throw new ResourceError('invalid_request', `the form is larger than ${MAX_BYTES} bytes`, { status: 413 })
}
