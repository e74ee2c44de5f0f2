import type { AuthorizationServer } from 'oauth4webapi'

/** A JSON Web Key Set. @see RFC 7517, section 5 */
export interface JsonWebKeys {
  readonly keys: readonly JsonWebKey[]
}

/** Authorization server metadata, by its own names. @see RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3 */
export interface ServerMetadata {
  readonly issuer: string
  readonly authorization_endpoint?: string
  readonly token_endpoint?: string
  readonly jwks_uri?: string
  /** The key set itself, for servers without a `jwks_uri`. Not a registered member: inline metadata only. */
  readonly jwks?: JsonWebKeys
  readonly userinfo_endpoint?: string
  readonly revocation_endpoint?: string
  readonly introspection_endpoint?: string
  readonly end_session_endpoint?: string
  readonly check_session_iframe?: string
  readonly pushed_authorization_request_endpoint?: string
  readonly device_authorization_endpoint?: string
  readonly registration_endpoint?: string
  readonly require_pushed_authorization_requests?: boolean
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly response_types_supported?: readonly string[]
  readonly response_modes_supported?: readonly string[]
  readonly grant_types_supported?: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly code_challenge_methods_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly token_endpoint_auth_methods_supported?: readonly string[]
  readonly dpop_signing_alg_values_supported?: readonly string[]
  readonly [member: string]: unknown
}

/** Server metadata that replaces discovered members; `null` removes one. */
export type ServerOverrides = {
  readonly [Member in keyof ServerMetadata]?: ServerMetadata[Member] | (Member extends 'issuer' ? never : null) | undefined
}

/** Stored metadata and keys of a server, with the time each was fetched (milliseconds, device clock). */
export interface ServerRecord {
  readonly metadata: ServerMetadata
  readonly fetchedAt: number
  /** What the metadata was made of besides the document: another value in the options makes the record stale. */
  readonly basis?: string | undefined
  readonly jwks?: JsonWebKeys | undefined
  readonly jwksFetchedAt?: number | undefined
  /** When the keys were last fetched because of an unknown key. */
  readonly jwksRefetchedAt?: number | undefined
}

/** The authorization server in oauth4webapi's form: a copy, because oauth4webapi caches keys by object identity. */
export function authorizationServer(metadata: ServerMetadata): AuthorizationServer {
  // The same document; oauth4webapi has mutable lists and checks what it reads.
  return { ...metadata } as unknown as AuthorizationServer
}
