import type { DPoPHandle } from 'oauth4webapi'
import type { AccessToken } from './token-set.js'
import { isJsonObject } from './json-response.js'
import type { ProtocolContext } from './protocol-context.js'

/** @returns the option of oauth4webapi's request functions that adds a proof; nothing when `dpop` is off */
export async function dpopOption(context: ProtocolContext): Promise<{ readonly DPoP?: DPoPHandle }> {
  if (!context.options.dpop) {
    return {}
  }
  const { dpopHandle } = await import('./dpop.js')
  return { DPoP: await dpopHandle(context) }
}

/** Whether a token is bound to a key and useless without a proof. @see RFC 9449, section 5 */
export function isDPoPToken({ tokenType }: Pick<AccessToken, 'tokenType'>): boolean {
  return tokenType.toLowerCase() === 'dpop'
}

/**
 * Sends a request once more when the server wants a nonce in the proof; oauth4webapi has taken it from the answer.
 *
 * @see RFC 9449, section 8
 */
export async function withNonceRetry({ options }: ProtocolContext, send: () => Promise<Response>): Promise<Response> {
  const response = await send()
  return options.dpop && (await asksForNonce(response)) ? send() : response
}

async function asksForNonce(response: Response): Promise<boolean> {
  if (response.ok || !response.headers.has('dpop-nonce')) {
    return false
  }
  if (response.headers.get('www-authenticate')?.includes('use_dpop_nonce')) {
    return true
  }
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return isJsonObject(body) && body['error'] === 'use_dpop_nonce'
}
