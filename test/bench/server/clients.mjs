// What both servers are set up with: the same clients, user, scope and ES256 key.

/** The page that a browser is redirected to; nothing listens there. */
export const REDIRECT_URI = 'http://127.0.0.1/callback'
export const SCOPE = 'openid email'
export const USER = { id: 'alice', password: 'wonderland', email: 'alice@example.com' }
/** A client without a secret, such as an app in a browser. */
export const PUBLIC_CLIENT = 'spa'
/** A client with a secret: it requests tokens for itself, and introspects those of others. */
export const SERVICE = { id: 'service', secret: 'a secret of more than thirty-two bytes' }

/** @returns {Promise<import('jose').JWK>} */
export async function signingKey() {
  const { exportJWK, generateKeyPair } = await import('jose')
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'bench' }
}
