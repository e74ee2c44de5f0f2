import { calculateJwkThumbprint, EmbeddedJWK, type JWK, type JWTHeaderParameters, type JWTVerifyGetKey } from 'jose'
import { isSlowKey } from './is-slow-key.js'

/** Keys that are kept: those of the clients that sent a proof last. */
const MAX_KEYS = 1000
/** Characters of a key that is kept; more than an RSA key of 4096 bits has. */
const MAX_LENGTH = 1200

type ProofKey = ReturnType<typeof EmbeddedJWK>

const keys = new Map<string, ProofKey>()
const thumbprints = new Map<string, string>()

/** Imports the public key in the header of a proof. A client signs all of its proofs with one key, so it is imported once. */
export const importProofKey: JWTVerifyGetKey = (header, token) => {
  if (isSlowKey(header.jwk)) throw new TypeError('the RSA key is too large')
  const name = nameOf(header.jwk, header.alg)
  if (name === undefined) return EmbeddedJWK(header, token)
  const known = keys.get(name)
  if (known) return keep(keys, name, known)
  const imported = EmbeddedJWK(header, token)
  imported.then(
    () => keep(keys, name, imported),
    () => undefined,
  )
  return imported
}

/** Returns the thumbprint of the key in the header of a proof. @see RFC 7638 */
export async function thumbprintOf(jwk: JWK): Promise<string> {
  const name = nameOf(jwk, '')
  const thumbprint = (name === undefined ? undefined : thumbprints.get(name)) ?? (await calculateJwkThumbprint(jwk))
  return name === undefined ? thumbprint : keep(thumbprints, name, thumbprint)
}

function nameOf(jwk: JWTHeaderParameters['jwk'], alg: string): string | undefined {
  const name = JSON.stringify([alg, jwk])
  return name.length <= MAX_LENGTH ? name : undefined
}

/** The key that was used last is the last one in the map; the first one is dropped. */
function keep<Value>(map: Map<string, Value>, name: string, value: Value): Value {
  map.delete(name)
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > MAX_KEYS && oldest !== undefined) map.delete(oldest)
  return value
}
