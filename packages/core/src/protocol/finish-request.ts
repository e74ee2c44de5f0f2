import { createError } from '../errors/create-error.js'
import { checkRequest } from './check-request.js'
import { setParameters } from './endpoint-request.js'
import type { AuthorizationExpectation } from './expectation.js'
import type { ProtocolContext } from './protocol-context.js'
import { expectedAcr } from './requested-acr.js'
import type { AuthorizationRequest, UnfinishedRequest } from './unfinished-request.js'

/**
 * Finishes a request that is more than the usual one, or that the server may not support as it is.
 *
 * @throws ConfigurationError configuration, unsupported; NetworkError
 */
export async function finishRequest(context: ProtocolContext, unfinished: UnfinishedRequest): Promise<AuthorizationRequest> {
  const { url: built, request, metadata, keys } = unfinished
  await addParameters(context, unfinished)
  const url = (await context.options.compliance?.authorizationRequest?.(built)) ?? built
  const isSignedOrPushed = await checkRequest(context, metadata, url.searchParams)
  const expectation = expectationOf(request, url.searchParams)
  if (keys?.status === 'rejected') throw keys.reason
  if (!isSignedOrPushed) return { url, expectation }
  const { signOrPushRequest } = await (await context.load()).signedOrPushedRequest()
  return { url: await signOrPushRequest(context, metadata, url), expectation }
}

async function addParameters(context: ProtocolContext, { url, request, further }: UnfinishedRequest): Promise<void> {
  const query = url.searchParams
  const { responseMode, dpop } = context.options
  setParameters(query, { response_mode: responseMode, nonce: further?.nonce })
  if (dpop && request.codeVerifier) {
    const { dpopThumbprint } = await (await context.load()).dpop()
    query.set('dpop_jkt', await dpopThumbprint(context))
  }
  for (const parameters of further?.lists ?? []) setParameters(query, parameters)
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
