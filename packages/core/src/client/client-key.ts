/**
 * Creates a short name for one client of this origin. It is part of storage keys, locks and channels, and of the `state` of authorization
 * requests, by which a client recognizes its own responses before it reads the storage.
 */
export function clientKey(issuer: string, clientId: string, name: string | undefined): string {
  // FNV-1a, 32 bit (not for security): short, and the same in every tab.
  let hash = 0x811c9dc5
  for (const character of `${issuer} ${clientId} ${name ?? ''}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return (hash >>> 0).toString(36)
}
