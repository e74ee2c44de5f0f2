import type { CompleteSite } from '../site/complete-site.js'
import type { ClientRecord } from '../storage/client-record.js'
import type { GuessTarget, NamedUser } from './guess.js'
import { normalizeName } from './normalize-name.js'

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

/**
 * Returns what a guess at a password is counted by: the name, and the user whom the site knows by it or by its plain spelling, since a
 * user may have several names.
 */
export async function passwordTargets(
  target: GuessTarget & { readonly name: string },
  client: ClientRecord,
  site: CompleteSite,
): Promise<readonly [GuessTarget, ...GuessTarget[]]> {
  const { name } = target
  const { userId = (await nameUser(normalizeName(name), client, site)).userId } = await nameUser(name, client, site)
  return userId === undefined ? [target] : [target, { ...target, userId }]
}
