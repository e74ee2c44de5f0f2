import { expectsIdToken } from './expectation.js'
import { signingAlgorithm } from './id-token.js'
import { hasKeys } from './jwks.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'

/** Parameters of the authorization request that a server may not support. */
const OPTIONAL_PARAMETERS = ['response_mode', 'claims', 'authorization_details'] as const
const RARE_OPTIONS = ['par', 'requestObject', 'dpop'] as const

/**
 * Whether the metadata has nothing against a usual request: the code flow of a public client, neither signed nor pushed. Most requests
 * need no other check. For the others, `server-support.ts` decides, and says what is wrong.
 *
 * @throws ConfigurationError configuration for an algorithm that no ID token may have
 */
export function isPlainRequest(metadata: ServerMetadata, query: URLSearchParams, options: ProtocolOptions): boolean {
  const isOpenId = expectsIdToken({ scope: query.get('scope') ?? '', responseType: 'code' })
  const requirements: ReadonlyArray<readonly [unknown, unknown]> = [
    [['code'], query.get('response_type')],
    [['none'], options.clientAuth ?? 'none'],
    [metadata.response_types_supported, 'code'],
    [metadata.grant_types_supported, 'authorization_code'],
    [metadata.code_challenge_methods_supported, query.get('code_challenge_method')],
    [isOpenId ? metadata.id_token_signing_alg_values_supported : undefined, signingAlgorithm(options)],
    [isOpenId ? [true] : undefined, hasKeys(metadata)],
    [query.has('prompt') ? metadata['prompt_values_supported'] : undefined, ''],
    [metadata.require_pushed_authorization_requests || undefined, ''],
    [metadata['require_signed_request_object'] || undefined, ''],
  ]
  const isUsual = !RARE_OPTIONS.some((name) => options[name]) && !OPTIONAL_PARAMETERS.some((name) => query.has(name))
  return isUsual && requirements.every(([known, value]) => known === undefined || (Array.isArray(known) && known.includes(value)))
}
