import { base64url, compactDecrypt, CompactEncrypt } from 'jose'
import type { ServerContext } from '../options/server-context.js'
import { digest } from '../storage/digest.js'

const HINT = 'id_token_hint'
const SEALED = 'sealed_hint'

type Server = Pick<ServerContext, 'secret'>

/**
 * Replaces an ID token that was posted by a sealed one, which only this server can read: parameters of a form continue in URLs, which
 * end up in the history and in logs.
 */
export async function sealHint(search: URLSearchParams, server: Server): Promise<void> {
  search.delete(SEALED)
  const hint = search.get(HINT)
  if (hint === null) return
  const bytes = new TextEncoder().encode(hint)
  const sealed = await new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(await keyOf(server))
  search.delete(HINT)
  search.set(SEALED, sealed)
}

/** Returns the parameters with the ID token that was sealed. A value that this server has not sealed is ignored. */
export async function unsealHint(search: URLSearchParams, server: Server): Promise<URLSearchParams> {
  const sealed = search.get(SEALED)
  if (sealed === null) return search
  const opened = new URLSearchParams(search)
  opened.delete(SEALED)
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
  const found = await compactDecrypt(sealed, await keyOf(server), options).catch(() => undefined)
  if (found && !opened.has(HINT)) opened.set(HINT, new TextDecoder().decode(found.plaintext))
  return opened
}

/** A key of its own: the secret itself signs form tokens. */
async function keyOf({ secret }: Server): Promise<Uint8Array> {
  return base64url.decode(await digest(`${SEALED} ${base64url.encode(secret)}`))
}
