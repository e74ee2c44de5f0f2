const unshared = new WeakSet<Uint8Array>()

/** Creates the secret of a server that was given none. @param hasStores whether what it encrypts may outlive it */
export function createSecret(hasStores: boolean): Uint8Array {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  if (hasStores) unshared.add(secret)
  return secret
}

/**
 * Throws a TypeError if the secret ends with this process while the stores of the server may not: what was encrypted in them could not
 * be read after a restart, nor by another process.
 */
export function checkSharedSecret(secret: Uint8Array, name: string): void {
  if (!unshared.has(secret)) return
  throw new TypeError(
    `${name}: "stores" needs "secret", at least 32 random bytes that all processes of the server share and that stay the same: ` +
      'credentials are encrypted with it, and would all be lost at the next start. Set "secret", or leave out "stores"',
  )
}
