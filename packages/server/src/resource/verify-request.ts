import { checkDpopProof, DPOP_ALGORITHMS } from '../features/dpop/check-dpop-proof.js'
import { errorResponse } from '../http/json-response.js'
import { OAuthError } from '../http/oauth-error.js'
import { parseScope } from '../token/scope.js'
import type { ServerParts } from '../options/server-parts.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'
import { isExpired } from '../storage/expiry.js'
import { digest } from '../storage/digest.js'
import { accessTokenOfRequest, type PresentedToken } from './access-token-of-request.js'

/** What a protected resource demands. */
export interface ResourceDemands {
  /** Space-separated; the token must have all of it. */
  readonly scope?: string
  /** The resource's URL as clients know it, where a proxy has changed that of the request (DPoP's `htu`). */
  readonly url?: string
  /** What the token must be for, where it was issued for certain resources. @see RFC 8707, section 2 */
  readonly resource?: string
}

/** Either what the token stands for, or the response to send in place of the resource. */
export type Verification =
  | { readonly ok: true; readonly token: AccessTokenRecord }
  | { readonly ok: false; readonly response: Response }

/** Guards a protected resource. @returns the token's record, or the challenge of RFC 6750, section 3 */
export async function verifyRequest(request: Request, demands: ResourceDemands, server: ServerParts): Promise<Verification> {
  try {
    const presented = accessTokenOfRequest(request)
    return { ok: true, token: await checkAccessToken({ request, presented, demands }, server) }
  } catch (error) {
    if (error instanceof OAuthError) return { ok: false, response: challenge(error, { ...demands, request }, server) }
    throw error
  }
}

interface Presenting {
  readonly request: Request
  readonly presented: PresentedToken | undefined
  readonly demands: ResourceDemands
}

/** @throws OAuthError `invalid_token`, `insufficient_scope`, one about DPoP, or `missing_token` where there is none */
export async function checkAccessToken(
  { request, presented, demands }: Presenting,
  server: ServerParts,
): Promise<AccessTokenRecord> {
  if (presented === undefined) throw new OAuthError('missing_token', 'the request has no access token', { status: 401 })
  const record = await server.stores.accessTokens.findByToken(await digest(presented.token))
  if (!record || isExpired(record, server.now())) {
    throw new OAuthError('invalid_token', 'the access token is unknown, expired or revoked')
  }
  await checkBinding({ request, presented, demands }, record, server)
  const { resources } = record
  if (demands.resource !== undefined && resources && !resources.includes(demands.resource)) {
    throw new OAuthError('invalid_token', 'the access token is for another resource')
  }
  if (!parseScope(demands.scope).every((name) => record.scope.includes(name))) {
    throw new OAuthError('insufficient_scope', 'the access token does not have the scope that is needed here')
  }
  return record
}

/** A bound token comes with a proof and under its own scheme; as a mere bearer it is worth nothing. @see RFC 9449, sections 7.1 and 7.2 */
async function checkBinding(
  { request, presented, demands }: Presenting,
  { dpopJkt }: AccessTokenRecord,
  server: ServerParts,
): Promise<void> {
  const isBound = dpopJkt !== undefined
  if (isBound !== (presented?.scheme === 'dpop')) throw new OAuthError('invalid_token', 'the scheme is not that of the token')
  if (!isBound || !presented) return
  const jkt = await checkDpopProof(
    request,
    { url: demands.url ?? request.url.replace(/[?#].*$/, ''), accessToken: presented.token },
    server,
  )
  if (jkt !== dpopJkt) throw new OAuthError('invalid_token', 'the DPoP proof is missing, or made by another key', { status: 401 })
}

/**
 * A request without a token is told only how to bring one; the fault stands with the scheme that was used.
 *
 * @see RFC 6750, section 3.1; RFC 9449, section 7.1
 */
export function challenge(
  error: OAuthError,
  { request, scope }: ResourceDemands & { readonly request: Request },
  server: ServerParts,
): Response {
  const isAboutProof = error.error.includes('dpop')
  const isDpop = isAboutProof || /^dpop\b/i.test(request.headers.get('authorization') ?? '')
  const attributes = [`realm="${server.issuer}"`]
  const isMissing = error.error === 'missing_token'
  if (!isMissing) attributes.push(`error="${error.error}"`, `error_description="${error.description}"`)
  if (!isMissing && scope !== undefined) attributes.push(`scope="${scope}"`)
  const dpop = `DPoP ${[...(isDpop ? attributes : attributes.slice(0, 1)), `algs="${DPOP_ALGORITHMS.join(' ')}"`].join(', ')}`
  const challenges = isDpop ? dpop : `Bearer ${attributes.join(', ')}, ${dpop}`
  const headers = { ...error.headers, 'www-authenticate': challenges }
  if (isMissing) return new Response(null, { status: 401, headers: { ...headers, 'cache-control': 'no-store' } })
  return errorResponse(new OAuthError(error.error, error.description, { status: isAboutProof ? 401 : error.status, headers }))
}
