import { hashClientSecret } from '../../token/client-authentication/client-secret.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { randomGenerator } from '../../token/token-generator.js'
import type { ProposedClient } from './check-client-metadata.js'

const random = randomGenerator()

/** A registered client's secret: as it is kept, and, where it was made just now, as the client is told it. */
export interface RegisteredSecret {
  readonly kept?: string
  readonly issued?: string
}

/**
 * The secret is kept as its digest, except where it is the key of an HMAC and must be had whole.
 *
 * @param former the client as it was registered before; it goes on with its secret where that will do
 * @returns nothing for a client that authenticates without one
 */
export async function secretFor(
  { tokenEndpointAuthMethod: method }: ProposedClient,
  former: ClientRecord | undefined,
  { issuer }: ServerParts,
): Promise<RegisteredSecret> {
  if (typeof method !== 'string' || !method.startsWith('client_secret_')) return {}
  const isKey = method === 'client_secret_jwt'
  const known = former?.clientSecret
  const isDigest = known?.startsWith('sha256:') ?? false
  if (known !== undefined && !(isKey && isDigest)) return { kept: isKey || isDigest ? known : await hashClientSecret(known) }
  const issued = await random.generate({ kind: 'other', issuer })
  return { issued, kept: isKey ? issued : await hashClientSecret(issued) }
}
