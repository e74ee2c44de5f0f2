import { isRecord } from '@latchkey/resource/internals'
import { isLoopbackUrl } from '../../http/loopback.js'
import { OAuthError } from '../../http/oauth-error.js'
import { parseJson } from '../../http/parse-json.js'
import { parseUrl } from '../../http/parse-url.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { ProposedClient } from '../client-metadata-members.js'
import type { FeatureServer } from '../feature.js'
import { isTextList } from '../is-text-list.js'
import { checkClientMetadata } from '../registration/check-client-metadata.js'
import { checkTexts } from '../registration/check-texts.js'
import { fromWire } from '../registration/client-metadata.js'
import { withDefaults } from '../registration/default-metadata.js'
import { limitMetadata, limitsOf, type RegistrationLimits } from '../registration/registration-limits.js'

/** Where a document comes from, and what its client may do. */
export interface DocumentContext {
  readonly clientId: string
  readonly limits: RegistrationLimits
  readonly server: FeatureServer
}

/** Secrets, which cannot be in a document that everyone can read. */
const SECRETS = ['client_secret', 'client_secret_expires_at'] as const

/**
 * Reads a client metadata document. The client has what a client has that a stranger registered: the user must consent, and the operator's
 * limits apply.
 *
 * @throws OAuthError whose description names what is wrong. @see draft-ietf-oauth-client-id-metadata-document-03, section 4
 */
export function readDocument(text: string, { clientId, limits: given, server }: DocumentContext): ClientRecord {
  const document = parseDocument(text)
  if (document['client_id'] !== clientId) throw invalid('"client_id" must be the URL of the document, character for character')
  const secret = SECRETS.find((name) => document[name] !== undefined)
  if (secret !== undefined) throw invalid(`"${secret}" must not be there`)
  const limits = limitsOf(given, true)
  const proposed = narrowed(withDefaults(withMethod(fromWire(document, server))), limits, server)
  checkMethod(proposed)
  checkTexts(proposed, limits.reservedNames ?? [])
  checkClientMetadata(proposed, server)
  const { redirectUris, tokenEndpointAuthMethod, ...metadata } = limitMetadata(proposed, limits, server.scopes)
  const uris = isTextList(redirectUris) ? redirectUris : []
  return {
    ...metadata,
    clientId,
    redirectUris: uris,
    tokenEndpointAuthMethod: String(tokenEndpointAuthMethod),
    ...(isOnLoopback(metadata, uris) && { applicationType: 'native' }),
    requireConsent: true,
    selfRegistered: true,
    introspects: 'own',
  }
}

function parseDocument(text: string): Readonly<Record<string, unknown>> {
  try {
    const document = parseJson(text)
    if (isRecord(document)) return document
  } catch (cause) {
    throw invalid('it must be a JSON object of text, nested 20 levels deep at most', cause)
  }
  throw invalid('it must be a JSON object')
}

/** A document has no secret, so the default of RFC 7591 cannot be meant. A client that publishes keys is not a public one. */
function withMethod(proposed: ProposedClient): ProposedClient {
  const { jwks, jwksUri, tokenEndpointAuthMethod } = proposed
  const byKeys = jwks === undefined && jwksUri === undefined ? 'none' : 'private_key_jwt'
  return { ...proposed, tokenEndpointAuthMethod: tokenEndpointAuthMethod ?? byKeys }
}

/** One document is for all servers, so it may name more than this one allows. */
function narrowed(
  proposed: ProposedClient,
  limits: RegistrationLimits,
  { grants }: Pick<FeatureServer, 'grants'>,
): ProposedClient {
  const known = grants.flatMap(({ grantType }) => grantType ?? [])
  const details = proposed['authorizationDetailsTypes']
  return {
    ...proposed,
    grantTypes: keep(proposed['grantTypes'], known, limits.grantTypes),
    responseTypes: keep(proposed['responseTypes'], limits.responseTypes),
    ...(details !== undefined && { authorizationDetailsTypes: keep(details, limits.authorizationDetailsTypes) }),
  }
}

function keep(value: unknown, ...lists: ReadonlyArray<readonly string[] | undefined>): unknown {
  return isTextList(value) ? value.filter((item) => lists.every((list) => list?.includes(item) ?? true)) : value
}

/** There is no shared secret. @see draft-ietf-oauth-client-id-metadata-document-03, section 4.1 */
function checkMethod({ tokenEndpointAuthMethod: method, grantTypes }: ProposedClient): void {
  if (method !== 'none' && method !== 'private_key_jwt')
    throw invalid('"token_endpoint_auth_method" must be "none" or "private_key_jwt"')
  if (isTextList(grantTypes) && grantTypes.length === 0) throw invalid('"grant_types" has none that this server allows')
}

/** Such a client is on the user's device, whatever it says: the system chooses its port. @see RFC 8252, section 7.3 */
function isOnLoopback({ applicationType }: ProposedClient, uris: readonly string[]): boolean {
  return applicationType === undefined && uris.length > 0 && uris.every(isLocal)
}

function isLocal(uri: string): boolean {
  return parseUrl(uri)?.protocol === 'http:' && isLoopbackUrl(uri)
}

function invalid(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_client_metadata', description, { cause })
}
