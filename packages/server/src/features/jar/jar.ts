import type { RequestReader } from '../../authorize/authorization-request.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ServerContext } from '../../options/server-context.js'
import { HMAC_ALGORITHMS } from '../../token/client-authentication/client-key.js'
import { isReachable } from '../allowed-uri.js'
import type { ProposedClient } from '../client-metadata-members.js'
import type { Feature } from '../feature.js'
import { isTextList } from '../is-text-list.js'
import { checkSigned } from './check-signed.js'
import { fetchRequestObject } from './fetch-request-object.js'
import { readRequestObject, REQUEST_OBJECT_ALGORITHMS } from './read-request-object.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link jar}. */
export interface JarOptions {
  /** Accept request objects in the parameter `request`, at the authorization endpoint and pushed. Default true. */
  readonly byValue?: boolean | undefined
  /** Fetch request objects from a `request_uri` that the client has registered. Default true. */
  readonly byReference?: boolean | undefined
  /** Refuse authorization requests that are not signed. Default false. @see RFC 9101, section 10.5 */
  readonly required?: boolean | undefined
}

const OPTIONS: MembersOf<JarOptions> = { byValue: true, byReference: true, required: true }

/**
 * Creates the feature of signed authorization requests. Every server has it; add it to set options. Throws a TypeError if the
 * options would refuse every request. @see RFC 9101
 */
export function jar(options: JarOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'jar' })
  const { byValue = true, byReference = true, required = false } = options
  if (required && !byValue && !byReference)
    throw new TypeError('jar: "required" needs "byValue" or "byReference" (RFC 9101, section 5)')
  return {
    name: 'jar',
    earlyRules: [checkSigned(required)],
    readRequest: createReader({ byValue, byReference }),
    // RFC 9101, section 9; OpenID Connect Discovery 1.0, section 3
    metadata: () => ({
      request_parameter_supported: byValue,
      request_uri_parameter_supported: byReference,
      require_request_uri_registration: byReference,
      require_signed_request_object: required,
      ...((byValue || byReference) && { request_object_signing_alg_values_supported: REQUEST_OBJECT_ALGORITHMS }),
    }),
    clientMetadata: {
      members: {
        requestUris: { wireName: 'request_uris', type: 'texts' },
        requestObjectSigningAlg: { wireName: 'request_object_signing_alg', type: 'text' },
        requireSignedRequestObject: { wireName: 'require_signed_request_object', type: 'flag' },
      },
      check(client, server) {
        checkSigning(client)
        checkRequestUris(client, server)
      },
    },
  }
}

function createReader({ byValue, byReference }: Pick<Required<JarOptions>, 'byValue' | 'byReference'>): RequestReader {
  return async (params, findClient, server) => {
    const [request, requestUri] = [params.get('request'), params.get('request_uri')]
    if (request !== undefined && byValue) {
      const client = await findClient()
      return { client, search: await readRequestObject(request, client, server) }
    }
    if (requestUri === undefined || !byReference) return undefined
    const client = await findClient()
    const object = await fetchRequestObject(requestUri, client, server)
    return { client, search: await readRequestObject(object, client, server) }
  }
}

/** @see RFC 9101, section 10.5; OpenID Connect Dynamic Client Registration 1.0, section 2: `request_object_signing_alg` */
function checkSigning(client: ProposedClient): void {
  const { requestObjectSigningAlg: alg, requireSignedRequestObject, tokenEndpointAuthMethod: method, jwks, jwksUri } = client
  if (alg === undefined && requireSignedRequestObject !== true) return
  if (alg !== undefined && !REQUEST_OBJECT_ALGORITHMS.some((known) => known === alg))
    throw invalidMetadata('"request_object_signing_alg" is not supported')
  // The secret of every other method is stored as a digest, which cannot check a signature.
  const isSymmetric = HMAC_ALGORITHMS.some((known) => known === alg)
  const hasKey = isSymmetric ? method === 'client_secret_jwt' : jwks !== undefined || jwksUri !== undefined
  if (!hasKey) throw invalidMetadata('signed requests need "jwks" or "jwks_uri" or, for HMAC, "client_secret_jwt"')
}

/** @see RFC 9101, section 10.4 */
function checkRequestUris({ requestUris }: ProposedClient, server: Pick<ServerContext, 'mayFetch'>): void {
  const uris = isTextList(requestUris) ? requestUris : []
  if (!uris.every((uri) => isReachable(uri.replace(/#.*$/, ''), server)))
    throw invalidMetadata('"request_uris" must be https and not lead to a private network')
}

function invalidMetadata(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description)
}
