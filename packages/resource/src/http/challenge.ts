import { toSendable, type ResourceError } from './resource-error.js'

/** What the challenges of a verifier have in common. */
export interface ChallengeContext {
  /** The name of the protected area. */
  readonly realm: string
  /** The schemes that the API accepts. */
  readonly schemes: ReadonlyArray<'Bearer' | 'DPoP'>
  /** Algorithms of DPoP proofs. */
  readonly algorithms: readonly string[]
  /** The URL of the metadata, if there is one. @see RFC 9728, section 5.1 */
  readonly metadataUrl: string | undefined
}

/** The request that is refused. */
export interface RefusedRequest {
  /** The `Authorization` header. */
  readonly authorization: string | null
  /** What the token must have, space-separated. */
  readonly scope: string | undefined
}

/**
 * Creates the response to a refused request. Without a token it names the schemes; an error belongs to the scheme that was used.
 *
 * @see RFC 6750, section 3; RFC 9449, section 7.1; RFC 9470, section 3; RFC 9728, section 5.1
 */
export function refusalOf(error: ResourceError, request: RefusedRequest, context: ChallengeContext): Response {
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const [name, value] of Object.entries(error.headers)) headers.set(name, value)
  if (error.status < 500) headers.set('www-authenticate', challengesOf(error, request, context))
  if (error.code === 'missing_token') return new Response(null, { status: error.status, headers })
  const body = { error: error.code, error_description: error.description }
  return Response.json(body, { status: error.status, headers })
}

function challengesOf(error: ResourceError, { authorization, scope }: RefusedRequest, context: ChallengeContext): string {
  const { realm, schemes, algorithms, metadataUrl } = context
  const isProofError = error.code === 'invalid_dpop_proof' || error.code === 'use_dpop_nonce'
  const hasUsedDpop = isProofError || /^dpop\b/i.test(authorization ?? '')
  const used = hasUsedDpop && schemes.includes('DPoP') ? 'DPoP' : schemes[0]
  const reason = error.code === 'missing_token' ? {} : { error: error.code, error_description: error.description }
  // A client that used DPoP must not try again with a bearer token.
  const offered = hasUsedDpop ? schemes.filter((scheme) => scheme === used) : schemes
  return offered
    .map((scheme) => {
      const parameters = {
        realm,
        ...(scheme === used && { ...reason, ...error.parameters }),
        ...(scope !== undefined && { scope }),
        ...(scheme === 'DPoP' && { algs: algorithms.join(' ') }),
        ...(metadataUrl !== undefined && { resource_metadata: metadataUrl }),
      }
      return `${scheme} ${Object.entries(parameters)
        .map(([name, value]) => `${name}="${toSendable(value)}"`)
        .join(', ')}`
    })
    .join(', ')
}
