import { type CryptoKey, decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose'
import type { BackChannelFaultId } from '../src/logout/logout-faults.js'

/** A logout token as the API receives it. */
export interface Delivery {
  readonly token: string
  readonly isAltered: boolean
  /** True if the key of the demo has signed it, as if the server had: the signature is valid, so the API checks the rest. */
  readonly isResigned: boolean
}

const CHANGES: Readonly<Record<Exclude<BackChannelFaultId, 'signature' | 'replay'>, JWTPayload>> = {
  aud: { aud: 'another-app' },
  nonce: { nonce: 'of-an-id-token' },
  sid: { sid: 'another-session' },
}

/**
 * Simulates a fault of a logout token. Returns what the API receives, in order: for a replay, the same token twice.
 *
 * @param key of the demo, ES256
 */
export async function deliveriesOf(token: string, fault: string, key: CryptoKey): Promise<readonly Delivery[]> {
  const original: Delivery = { token, isAltered: false, isResigned: false }
  if (fault === 'replay') return [original, { ...original, isAltered: true }]
  if (fault === 'signature') return [{ ...original, token: withOtherSignature(token), isAltered: true }]
  if (!isChange(fault)) return [original]
  const { typ = 'logout+jwt' } = decodeProtectedHeader(token)
  const resigned = await new SignJWT({ ...decodeJwt(token), ...CHANGES[fault] })
    .setProtectedHeader({ alg: 'ES256', kid: 'demo', typ })
    .sign(key)
  return [{ token: resigned, isAltered: true, isResigned: true }]
}

function isChange(fault: string): fault is keyof typeof CHANGES {
  return fault in CHANGES
}

/** Changes the first character: the last one may have unused bits. */
function withOtherSignature(token: string): string {
  const at = token.lastIndexOf('.') + 1
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}
