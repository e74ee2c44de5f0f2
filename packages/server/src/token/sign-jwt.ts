import { SignJWT, type CryptoKey } from 'jose'
import { nodeCrypto } from '../storage/node-crypto.js'
import { keyObjectOf } from './key-object.js'
import type { SigningKey } from './key-ring.js'

/** Signatures that take less time than a thread. RSA takes ten times as long, so it must not keep other requests waiting. */
const FAST_ALGORITHMS: Readonly<Record<string, string | null>> = { ES256: 'sha256', EdDSA: null, Ed25519: null }

/** Signs claims. Undefined members are omitted. @param typ the type in the header */
export async function signJwt(
  claims: Readonly<Record<string, unknown>>,
  { key, kid, alg }: SigningKey,
  typ?: string,
): Promise<string> {
  const header = { alg, kid, ...(typ !== undefined && { typ }) }
  return signNow(claims, header, key) ?? (await new SignJWT(claims).setProtectedHeader(header).sign(key))
}

/** Signs at once, with Node's own key; undefined on other runtimes, and for other algorithms. */
function signNow(
  claims: Readonly<Record<string, unknown>>,
  header: { readonly alg: string },
  key: CryptoKey,
): string | undefined {
  const node = nodeCrypto()
  const hash = FAST_ALGORITHMS[header.alg]
  const keyObject = keyObjectOf(key)
  if (!node || hash === undefined || !keyObject) return undefined
  const input = `${encode(header)}.${encode(claims)}`
  const signature = node.sign(hash, Buffer.from(input), { key: keyObject, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
