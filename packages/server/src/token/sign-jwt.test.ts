import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateSigningKeys } from './generate-signing-keys.js'
import { createKeyRing } from './key-ring.js'
import { signJwt } from './sign-jwt.js'

describe('signJwt()', () => {
  it.each(['ES256', 'EdDSA', 'RS256', 'PS256'])('creates a JWT that the published keys verify (%s)', async (alg) => {
    const keys = createKeyRing({ keys: await generateSigningKeys(), now: Date.now })
    const jwt = await signJwt({ iss: 'https://id.example', absent: undefined }, await keys.signingKey(alg), 'at+jwt')
    const { payload, protectedHeader } = await jwtVerify(jwt, await keys.verifier())
    expect(payload).toEqual({ iss: 'https://id.example' })
    expect(protectedHeader).toMatchObject({ alg, typ: 'at+jwt' })
  })
})
