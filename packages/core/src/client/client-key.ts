/**
 * Creates a short name for one client of this origin. It is part of storage keys, locks and channels, and of the `state` of authorization
 * requests, by which a client recognizes its own responses before it reads the storage.
 */
export function clientKey(issuer: string, clientId: string, name: string | undefined): string {
  // As JSON, the three never run together.
  const text = JSON.stringify([issuer, clientId, name])
  return hash(text, 0x01000193) + hash(text, 0x5f356495)
}

/** FNV-1a, 32 bit (not for security), with a prime of its own: short, and the same in every tab. */
function hash(text: string, prime: number): string {
  let value = prime
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), prime)
  return (value >>> 0).toString(36).padStart(7, '0')
}
