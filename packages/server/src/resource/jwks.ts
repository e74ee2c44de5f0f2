import { Reply } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'

const HEADERS = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' }

/** The text of each key set. A key ring returns the same set until its keys change. */
const texts = new WeakMap<object, string>()

/** The endpoint of the public keys. @see RFC 7517, section 5 */
export async function jwks({ server }: RequestContext): Promise<Reply> {
  const keySet = await server.keys.publicKeys()
  const text = texts.get(keySet) ?? JSON.stringify(keySet)
  texts.set(keySet, text)
  return new Reply(text, 200, HEADERS)
}
