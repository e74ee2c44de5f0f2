import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { hashClientSecret } from '../../token/client-authentication/client-secret.js'
import { randomGenerator } from '../../token/token-generator.js'
import type { ProposedClient } from '../client-metadata-members.js'

const random = randomGenerator()

/** Bytes of the longest hash: the client may sign with any HMAC algorithm. @see RFC 7518, section 3.2 */
const KEY_BYTES = 64

/** The secret of a registered client. */
export interface RegisteredSecret {
  /** As it is stored. */
  readonly stored?: string | undefined
  /** As the client gets it, if it was created just now. */
  readonly issued?: string | undefined
}

/**
 * Returns the secret of a client; an empty object for a client without one. It is stored as a digest, except as an HMAC key.
 *
 * @param former the client as it was registered before; it keeps its secret if that is possible
 */
export async function secretFor(
  { tokenEndpointAuthMethod: method }: ProposedClient,
  former: ClientRecord | undefined,
  { issuer }: Pick<ServerContext, 'issuer'>,
): Promise<RegisteredSecret> {
  if (typeof method !== 'string' || !method.startsWith('client_secret_')) return {}
  const isKey = method === 'client_secret_jwt'
  const known = former?.clientSecret
  if (known !== undefined && (!isKey || isHmacKey(known)))
    return { stored: isKey || known.startsWith('sha256:') ? known : await hashClientSecret(known) }
  const create = async (): Promise<string> => random.generate({ kind: 'other', issuer })
  const issued = isKey ? `${await create()}${await create()}` : await create()
  return { issued, stored: isKey ? issued : await hashClientSecret(issued) }
}

/** A digest is no key, and a secret that was not created as a key may be too short. */
function isHmacKey(secret: string): boolean {
  return !secret.startsWith('sha256:') && new TextEncoder().encode(secret).byteLength >= KEY_BYTES
}
