/**
 * A short name for one client of this origin: storage keys, locks and channels carry it, and so does the `state` of its
 * authorization requests, which is how a client knows its own responses from another's before it looks into storage.
 */
export function clientKey(issuer: string, clientId: string, name: string | undefined): string {
  // FNV-1a, 32 bit (not for security): short, and the same in every tab.
  let hash = 0x811c9dc5
  for (const character of `${issuer} ${clientId} ${name ?? ''}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return (hash >>> 0).toString(36)
}
