import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from 'jose'

/** Ways in which an attacker changes a token. */
export const tokenChanges = {
  claim: 'Change the user',
  none: 'Remove the signature',
  key: 'Sign with another key',
} as const satisfies Readonly<Record<string, string>>

export type TokenChange = keyof typeof tokenChanges

/** @param token a signed JSON Web Token */
export async function changeToken(token: string, change: TokenChange): Promise<string> {
  const header = decodeProtectedHeader(token) as JWTHeaderParameters
  const claims = decodeJwt(token)
  if (change === 'none') return new UnsecuredJWT(claims).encode()
  if (change === 'key') return signed(claims, header.kid)
  const [start = '', , signature = ''] = token.split('.')
  return [start, base64url.encode(JSON.stringify({ ...claims, sub: 'admin' })), signature].join('.')
}

/** @returns a token of an issuer that does not exist, for a reader who has none */
export function createExampleToken(issuer: string, audience: string): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  return signed({ iss: issuer, sub: 'ada', aud: audience, name: 'Ada Lovelace', iat, exp: iat + 600 }, 'example')
}

async function signed(claims: ReturnType<typeof decodeJwt>, kid = 'example'): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey)
}
