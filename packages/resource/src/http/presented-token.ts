import { findToken, type PresentedToken, type TokenReader, type TokenSource } from './find-token.js'
import { readForm } from './read-form.js'
import { ResourceError } from './resource-error.js'

/** Characters of a token. No issuer sends a longer token in a header. */
const MAX_LENGTH = 16_384

const READER: TokenReader = { readForm, createError: (description) => new ResourceError('invalid_request', description) }

/** Returns the access token of a request; undefined if there is none. Throws ResourceError `invalid_request` for several, or a malformed header. */
export async function findPresentedToken(source: TokenSource): Promise<PresentedToken | undefined> {
  const presented = await findToken(source, READER)
  if (presented && presented.token.length > MAX_LENGTH)
    throw READER.createError(`the access token is longer than ${MAX_LENGTH} characters`)
  return presented
}
