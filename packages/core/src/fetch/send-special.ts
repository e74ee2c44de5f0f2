import type { ProtocolContext } from '../protocol/protocol-context.js'
import { checkBinding } from '../protocol/token-response.js'
import type { AccessToken } from '../protocol/token-set.js'
import type { Resource } from './fetch-options.js'
import { withBearer } from './with-bearer.js'

/** One request whose token is not simply in the header. */
export interface SpecialRequest {
  readonly token: AccessToken
  readonly request: Request
  readonly placement: NonNullable<Resource['tokenPlacement']>
  /** Sends the finished request. @param headers default: its own */
  readonly transmit: (request: Request, headers?: Headers) => Promise<Response>
}

/** Sends a request with a DPoP-bound token, or with the token in the place that the API needs. */
export async function sendSpecial(
  context: ProtocolContext,
  { token, request, placement, transmit }: SpecialRequest,
  loadTokenPlacement: () => Promise<Pick<typeof import('./token-placement.js'), 'sendPlaced'>>,
): Promise<Response> {
  if (token.tokenType.toLowerCase() === 'dpop') {
    const { fetchWithProof } = await (await context.load()).dpop()
    return fetchWithProof(context, token, request, transmit)
  }
  checkBinding(context.options, token)
  if (placement === 'header' && token.tokenType.toLowerCase() === 'bearer') return transmit(request, withBearer(request, token))
  const { sendPlaced } = await loadTokenPlacement()
  return sendPlaced(request, token, placement, transmit)
}
