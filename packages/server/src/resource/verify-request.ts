import type { TokenPlace } from '@latchkey/resource'
import type { PresentedToken, TokenSource } from '@latchkey/resource/internals'
import { toUrl } from '../http/parse-url.js'
import { errorResponse } from '../http/json-response.js'
import { Reply, toResponse } from '../http/reply.js'
import { OAuthError } from '../http/oauth-error.js'
import type { ServerContext } from '../options/server-context.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'
import { digestNow } from '../storage/digest.js'
import { isExpired } from '../storage/expiry.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import { parseScope } from '../token/scope.js'
import { hasSentHost, isKnownHost } from './known-host.js'
import { findPresentedToken } from './presented-token.js'

/** What a protected resource requires of a token. */
export interface ResourceRequirements {
  /** Space-separated; the token must have all of it. */
  readonly scope?: string | undefined
  /**
   * The origin of the resource as clients know it, such as `https://api.example`. DPoP proofs contain it, and tokens may be for certain
   * resources. The sender of a stolen one chooses the host of the request, so without `origin` these are accepted at loopback and the host of
   * the issuer only, unless the program itself has made the `Request`. @see RFC 9449, section 4.3
   */
  readonly origin?: string | undefined
  /** The whole URL of the resource as clients know it, if a proxy has changed the path too. */
  readonly url?: string | undefined
  /**
   * The resource that the token must be for, if it was issued for certain resources. Default: the URL of the request must be at or below
   * one of them. `any` accepts tokens for all resources. @see RFC 8707, section 2; RFC 9700, section 2.3
   */
  readonly resource?: string | undefined
  /**
   * Where the token may be: in the `Authorization` header, in a form or in the query. Default: all of them. A query ends up in logs and
   * in the history, so leave it out where no client needs it (RFC 9700, section 4.3.2). @see RFC 6750, section 2
   */
  readonly places?: readonly TokenPlace[] | undefined
}

/** Accepts tokens for all resources. It cannot be a resource indicator, because those are URIs. */
export const ANY_RESOURCE = 'any'
/** All places of RFC 6750, section 2. */
const ALL_PLACES: readonly TokenPlace[] = ['header', 'body', 'query']
const REQUIREMENTS: MembersOf<ResourceRequirements> = { scope: true, origin: true, url: true, resource: true, places: true }

/** Throws a TypeError for an invalid "origin", and for an unknown member: without its scope, a resource would be open to every token. */
export function checkRequirements(requirements: ResourceRequirements): void {
  checkMembers(requirements, REQUIREMENTS, { name: 'verifyRequest' })
  const { origin } = requirements
  if (origin === undefined || toUrl(origin)?.origin === origin) return
  throw new TypeError(
    `verifyRequest: "origin" must be an origin such as "https://api.example". Received ${JSON.stringify(origin)}`,
  )
}

/** The record of a valid token, or the response to send instead of the resource. */
export type Verification =
  | {
      readonly ok: true
      readonly token: AccessTokenRecord
      /** Where the request has the token. If it is `query`, the response must not be cached by others (RFC 6750, section 2.3). */
      readonly place: TokenPlace
    }
  | { readonly ok: false; readonly response: Response }

type ResourceServer = Pick<ServerContext, 'issuer' | 'stores' | 'now' | 'proofOfPossession'>

interface ResourceRequest extends Pick<TokenSource, 'request' | 'form'> {
  /** Whether the host of the URL is from a header, which the sender chooses. Default: if it may be. */
  readonly hasSentHost?: boolean | undefined
}

/** Protects a resource. Returns the token's record, or the challenge of RFC 6750, section 3. */
export async function verifyRequest(
  { request, form, hasSentHost: isSent = hasSentHost(request) }: ResourceRequest,
  requirements: ResourceRequirements,
  server: ResourceServer,
): Promise<Verification> {
  checkRequirements(requirements)
  try {
    const { places = ALL_PLACES } = requirements
    const isHostKnown = !isSent || isKnownHost(request, requirements, server)
    if (!isHostKnown && /^dpop\b/i.test(request.headers.get('authorization') ?? '')) throw unknownHost('check DPoP proofs')
    const presented = await findPresentedToken({ request, form, places })
    const token = await checkAccessToken({ request, presented, requirements, isHostKnown }, server)
    return { ok: true, token, place: presented?.place ?? 'header' }
  } catch (error) {
    if (error instanceof OAuthError)
      return { ok: false, response: toResponse(challenge(error, { ...requirements, request }, server)) }
    throw error
  }
}

function unknownHost(purpose: string): OAuthError {
  const description = `"origin" must be set here to ${purpose} (RFC 9449, section 4.3; RFC 8707, section 2)`
  return new OAuthError('invalid_token', description, { status: 401 })
}

interface ProtectedRequest {
  readonly request: Request
  readonly presented: PresentedToken | undefined
  readonly requirements: ResourceRequirements
  readonly isHostKnown?: boolean | undefined
}

/** Throws OAuthError `invalid_token`, `insufficient_scope`, one about DPoP, or `missing_token` if there is none. */
export async function checkAccessToken(
  { request, presented, requirements, isHostKnown }: ProtectedRequest,
  server: ResourceServer,
): Promise<AccessTokenRecord> {
  if (presented === undefined) throw new OAuthError('missing_token', 'the request has no access token', { status: 401 })
  const record = await server.stores.accessTokens.findByToken(digestNow(presented.token))
  if (!record || isExpired(record, server.now()))
    throw new OAuthError('invalid_token', 'the access token is unknown, expired or revoked')
  await checkBinding({ request, presented, requirements }, record, server)
  checkResource(record, { request, requirements, isHostKnown }, server)
  if (!parseScope(requirements.scope).every((name) => record.scope.includes(name)))
    throw new OAuthError('insufficient_scope', 'the access token does not have the required scope')
  return record
}

/** A token for one API is not valid at another API of the same host, which could use it at the first one. @see RFC 8707, section 3; RFC 9700, section 2.3 */
function checkResource(
  { resources }: AccessTokenRecord,
  { request, requirements, isHostKnown }: Omit<ProtectedRequest, 'presented'>,
  { issuer }: Pick<ServerContext, 'issuer'>,
): void {
  const { resource } = requirements
  if (!resources || resource === ANY_RESOURCE) return
  if (resource === undefined && isHostKnown === false) throw unknownHost('know its resource, or "resource"')
  const url = urlOf(request, requirements)
  // The authorization server itself is no neighbor.
  const isFor =
    resource === undefined
      ? url === new URL(issuer).href || resources.some((one) => covers(one, url))
      : resources.includes(resource)
  if (!isFor) throw new OAuthError('invalid_token', 'the access token is for another resource')
}

/** Tells whether a URL is at or below a resource. A path with an encoded slash may lead elsewhere behind a proxy. */
function covers(resource: string, requested: string): boolean {
  const { origin, pathname, search, protocol } = new URL(resource)
  const url = new URL(requested)
  if (url.origin !== origin || !/^https?:$/.test(protocol) || search !== '') return false
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`
  return folder === '/' || (`${url.pathname}/`.startsWith(folder) && !/%(?:2f|5c)/i.test(url.pathname))
}

/** The URL of the resource as clients know it, without its query. */
function urlOf(request: Request, { url, origin: known }: ResourceRequirements): string {
  const { pathname, origin } = new URL(request.url)
  return url ?? (known ?? origin) + pathname
}

/** A bound token needs a proof and its own scheme; as a bearer token it is invalid. @see RFC 9449, sections 7.1 and 7.2 */
async function checkBinding(
  { request, presented, requirements }: ProtectedRequest,
  { dpopJkt }: AccessTokenRecord,
  server: ResourceServer,
): Promise<void> {
  const isBound = dpopJkt !== undefined
  if (isBound !== (presented?.scheme === 'dpop')) throw new OAuthError('invalid_token', 'the scheme is not that of the token')
  if (!isBound || !presented) return
  const url = urlOf(request, requirements)
  const proof = await server.proofOfPossession.check(request, { url, accessToken: presented.token })
  if (proof?.thumbprint !== dpopJkt)
    throw new OAuthError('invalid_token', 'the DPoP proof is missing, or signed by another key', { status: 401 })
  await proof?.use()
}

/**
 * Creates the response to a refused request. Without a token it only names the schemes; an error belongs to the scheme that was used.
 *
 * @see RFC 6750, section 3.1; RFC 9449, section 7.1
 */
export function challenge(
  error: OAuthError,
  { request, scope }: Pick<ResourceRequirements, 'scope'> & { readonly request: Request },
  server: ResourceServer,
): Reply {
  const isProofError = error.error.includes('dpop')
  const isDpop = isProofError || /^dpop\b/i.test(request.headers.get('authorization') ?? '')
  const realm = `realm="${server.issuer}"`
  const attributes = [realm]
  const isMissing = error.error === 'missing_token'
  if (!isMissing) attributes.push(`error="${error.error}"`, `error_description="${error.description}"`)
  if (!isMissing && scope !== undefined) attributes.push(`scope="${scope}"`)
  const { algorithms } = server.proofOfPossession
  const algs = `algs="${algorithms.join(' ')}"`
  const dpop = algorithms.length > 0 ? [`DPoP ${[...(isDpop ? attributes : [realm]), algs].join(', ')}`] : []
  const challenges = isDpop ? dpop : [`Bearer ${attributes.join(', ')}`, ...dpop]
  const headers = { ...error.headers, 'www-authenticate': challenges.join(', ') }
  // `Headers` throws for an issuer or a scope of the host that no header can have.
  if (isMissing) return new Reply(null, 401, Object.fromEntries(new Headers({ ...headers, 'cache-control': 'no-store' })))
  return errorResponse(new OAuthError(error.error, error.description, { status: isProofError ? 401 : error.status, headers }))
}
