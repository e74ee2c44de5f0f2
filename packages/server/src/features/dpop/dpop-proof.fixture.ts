import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { ISSUER, type Clock } from '../../server/test-server.fixture.js'

/** A key of a client's, and the proofs that it makes: for the token endpoint, unless the claims say otherwise. */
export interface DpopKey {
  readonly jkt: string
  proof(claims?: Readonly<Record<string, unknown>>): Promise<string>
}

export async function dpopKey(clock: Clock, alg: string = 'ES256'): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof: (claims = {}) =>
      new SignJWT({ jti: crypto.randomUUID(), htm: 'POST', htu: `${ISSUER}/token`, iat: clock.now() / 1000, ...claims })
        .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk })
        .sign(privateKey),
  }
}
