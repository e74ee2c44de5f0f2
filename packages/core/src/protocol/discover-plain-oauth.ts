import { createError } from '../errors/create-error.js'
import { type ErrorDetails, NetworkError, OAuthClientError, ValidationError } from '../errors/errors.js'
import { wellKnownUrl } from './well-known-url.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ServerMetadata } from './server-metadata.js'

/**
 * Requests the metadata of a plain OAuth 2.0 server, after the address of OpenID Connect has failed.
 *
 * @param first why it failed
 * @param tried addresses
 * @param request requests the document at an address
 * @throws the error that explains more, with the addresses
 * @see RFC 8414, section 3.1
 */
export async function discoverPlainOAuth(
  { options: { issuer = '', metadataUrl } }: Pick<ProtocolContext, 'options'>,
  first: unknown,
  tried: readonly string[],
  request: (address: string) => Promise<ServerMetadata>,
): Promise<ServerMetadata> {
  if (metadataUrl !== undefined) throw withAddresses(first, tried)
  const url = new URL(issuer)
  url.pathname = url.pathname.replace(/\/$/, '')
  return request(wellKnownUrl(url, 'oauth-authorization-server').href).catch((second: unknown) => {
    // The first error explains more, unless only the second address responded at all.
    throw withAddresses(second instanceof ValidationError && first instanceof NetworkError ? second : first, tried)
  })
}

/** Names the addresses that were tried: the issuer alone does not show them. */
function withAddresses(error: unknown, tried: readonly string[]): unknown {
  if (!(error instanceof OAuthClientError)) return error
  const details: ErrorDetails = Object.assign({}, error, { cause: error.cause })
  return createError(error.code, ['tried', tried, error], details)
}
