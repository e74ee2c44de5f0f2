import type { CompleteSite } from '../site/complete-site.js'
import type { ClientRecord } from '../storage/client-record.js'

/** Who an event is about. */
export interface NamedUser {
  readonly clientId: string
  /** Only a user that the site knows: what others typed may be a password. */
  readonly userId?: string | undefined
}

/** Returns the client, and the user that a typed name identifies. */
export async function nameUser(name: string | undefined, client: ClientRecord, site: CompleteSite): Promise<NamedUser> {
  const { clientId } = client
  if (name === undefined) return { clientId }
  try {
    return { clientId, userId: await site.findByLoginHint({ loginHint: name, client }) }
  } catch {
    return { clientId }
  }
}
