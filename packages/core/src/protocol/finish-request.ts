import { createError } from '../errors/create-error.js'
import type { AuthorizationRequest } from './authorization-request.js'
import { checkRequest } from './check-request.js'
import { setParameters } from './endpoint-request.js'
import type { AuthorizationExpectation } from './expectation.js'
import type { FurtherParameters } from './further-parameters.js'
import type { ProtocolContext } from './protocol-context.js'
import { expectedAcr } from './requested-acr.js'
import type { ServerMetadata } from './server-metadata.js'

/** A request that is not the usual one, with the parameters that every request has. */
export interface UnfinishedRequest {
  /** Its parameters are added here. */
  readonly url: URL
  /** What the client chose, before a compliance hook could change it. */
  readonly request: AuthorizationExpectation
  readonly metadata: ServerMetadata
  /** Whether the keys could be fetched. */
  readonly keys: PromiseSettledResult<unknown> | undefined
  readonly further: FurtherParameters | undefined
}

/**
 * Finishes a request that is more than the usual one, or that the server may not support as it is.
 *
 * @throws ConfigurationError configuration, unsupported; NetworkError
 */
export async function finishRequest(context: ProtocolContext, unfinished: UnfinishedRequest): Promise<AuthorizationRequest> {
  const { request, metadata, keys } = unfinished
  const { url: built } = unfinished
  const { options } = context
  setParameters(built.searchParams, { response_mode: options.responseMode, nonce: unfinished.further?.nonce })
  if (options.dpop && request.codeVerifier) {
    const { dpopThumbprint } = await (await context.load()).dpop()
    built.searchParams.set('dpop_jkt', await dpopThumbprint(context))
  }
  for (const parameters of unfinished.further?.lists ?? []) setParameters(built.searchParams, parameters)
  const url = (await options.compliance?.authorizationRequest?.(built)) ?? built
  const isSignedOrPushed = await checkRequest(context, metadata, url.searchParams)
  const expectation = expectationOf(request, url.searchParams)
  if (keys?.status === 'rejected') throw keys.reason
  if (!isSignedOrPushed) return { url, expectation }
  const { signOrPushRequest } = await (await context.load()).signedOrPushedRequest()
  return { url: await signOrPushRequest(context, metadata, url), expectation }
}

/** Read from the finished URL: a compliance hook may have changed it, and the response is checked against what was sent. */
function expectationOf(request: AuthorizationExpectation, query: URLSearchParams): AuthorizationExpectation {
  if (query.get('state') !== request.state) throw createError('configuration', ['changedState'])
  const maxAge = query.get('max_age')
  return {
    state: request.state,
    nonce: query.get('nonce') ?? undefined,
    codeVerifier: request.codeVerifier,
    redirectUri: query.get('redirect_uri') ?? request.redirectUri,
    responseType: query.get('response_type') ?? 'code',
    responseMode: query.get('response_mode') ?? undefined,
    scope: query.get('scope') ?? undefined,
    resources: query.has('resource') ? query.getAll('resource') : undefined,
    maxAge: maxAge === null ? undefined : Number(maxAge),
    ...expectedAcr(query),
  }
}
