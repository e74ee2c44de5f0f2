import type { JsonWebKey, KeyObject } from 'node:crypto'
import type { CryptoKey, JWK } from 'jose'
import { nodeCrypto } from '../storage/node-crypto.js'

const keyObjects = new WeakMap<CryptoKey, KeyObject>()

/** Keeps a private key in Node's own form too: Node warns if a key that cannot be exported is converted later. */
export function keepKeyObject(key: CryptoKey, jwk: JWK): void {
  try {
    const isFast = jwk.kty !== 'RSA'
    const keyObject = isFast ? nodeCrypto()?.createPrivateKey({ key: { ...jwk } as JsonWebKey, format: 'jwk' }) : undefined
    if (keyObject) keyObjects.set(key, keyObject)
  } catch {
    // Web Crypto signs with it.
  }
}

/** Returns Node's form of a private key; undefined on other runtimes, and for RSA. */
export function keyObjectOf(key: CryptoKey): KeyObject | undefined {
  return keyObjects.get(key)
}
