import { createError } from '../errors/create-error.js'
import { unlessAborted } from '../platform/abort.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { checkBinding } from '../protocol/token-type.js'
import type { AccessToken } from '../protocol/token-set.js'
import { explainFailure } from './explain-failure.js'
import type { Resource } from './fetch-options.js'

/** One request whose token is not simply in the header. */
export interface SpecialRequest {
  readonly token: AccessToken
  /** Gets the token's header. */
  readonly request: Request
  readonly placement: NonNullable<Resource['tokenPlacement']>
  /** Aborted when the session of the call ends, or the client is closed. */
  readonly session: AbortSignal
  /** Sends the finished request. */
  readonly transmit: (request: Request) => Promise<Response>
}

/** Sends a request with a DPoP-bound token, with the token in the place that the API needs, or through the hook of the app. */
export async function sendSpecial(
  context: ProtocolContext,
  special: SpecialRequest,
  loadTokenPlacement: () => Promise<Pick<typeof import('./token-placement.js'), 'sendPlaced'>>,
): Promise<Response> {
  const { token, request, placement } = special
  const transmit = (finished: Request): Promise<Response> => throughHook(context, finished, special)
  if (token.tokenType.toLowerCase() === 'dpop') {
    const { fetchWithProof } = await (await context.load()).dpop()
    return fetchWithProof(context, token, request, transmit)
  }
  checkBinding(context.options, token)
  if (placement === 'header' && token.tokenType.toLowerCase() === 'bearer') {
    // Without a body, a second attempt has the same request, which a hook must not get as it has changed it.
    const own = request.body === null ? request.clone() : request
    own.headers.set('authorization', `Bearer ${token.accessToken}`)
    return transmit(own)
  }

  const { sendPlaced } = await loadTokenPlacement()
  return sendPlaced(request, token, placement, transmit)
}

const HOOK_HINT = 'Return a Request from the hook "protectedRequest". If it threw an error, that is the "cause".'

/** @throws ConfigurationError configuration if the hook fails or returns no request */
async function throughHook(
  context: ProtocolContext,
  request: Request,
  { session, transmit }: Pick<SpecialRequest, 'session' | 'transmit'>,
): Promise<Response> {
  const { protectedRequest } = context.options.compliance ?? {}
  if (!protectedRequest) return transmit(request)
  const fail = async (cause: unknown): Promise<never> => {
    if (session.aborted) throw await explainFailure(context, session.reason)
    throw await context.explain(createError('configuration', 'The hook "protectedRequest" failed.', { hint: HOOK_HINT, cause }))
  }
  // An async function, because a hook may throw, or return no promise.
  const ready = await unlessAborted((async (): Promise<Request | undefined> => protectedRequest(request))(), session).catch(fail)
  // A hook without `return`.
  if (!ready?.url) return fail(ready)
  return transmit(ready === request ? ready : withFormer(ready, request))
}

/** A hook may have made a new request, which lost them: redirects may not be followed with a proof, and the caller may abort. */
function withFormer(request: Request, { redirect, signal }: Request): Request {
  const { referrer, referrerPolicy } = request
  // `copy-request.ts` is a file of its own, which the calls of most apps do not load.
  return new Request(request, {
    referrer,
    referrerPolicy,
    redirect: request.redirect === 'follow' ? redirect : request.redirect,
    signal: AbortSignal.any([request.signal, signal]),
  })
}
