import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { AccessToken } from '../protocol/token-set.js'
import type { Resource } from './fetch-options.js'

/** One request whose token is not simply in the header. */
export interface SpecialRequest {
  readonly token: AccessToken
  readonly request: Request
  readonly placement: NonNullable<Resource['tokenPlacement']>
  /** Sends the finished request. */
  readonly transmit: (request: Request) => Promise<Response>
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
  const { sendPlaced } = await loadTokenPlacement()
  return sendPlaced(request, token, placement, transmit)
}
