import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { digest } from '../storage/digest.js'

/** Milliseconds: consent is requested again after 90 days. */
const RETENTION_MS = 7_776_000_000

/** A user's consent to the scope of a client. */
export interface Consent {
  readonly userId: string
  readonly client: ClientRecord
  readonly scope: readonly string[]
}

/** Tells whether the user consented before to all of the scope. */
export async function hasConsented(server: Pick<ServerContext, 'stores' | 'now'>, consent: Consent): Promise<boolean> {
  const known = await server.stores.state.get<readonly string[]>(await key(consent))
  return known !== undefined && consent.scope.every((scope) => known.includes(scope))
}

/** Adds the scope to what the user has consented to. */
export async function rememberConsent(server: Pick<ServerContext, 'stores' | 'now'>, consent: Consent): Promise<void> {
  const known = (await server.stores.state.get<readonly string[]>(await key(consent))) ?? []
  await server.stores.state.set(await key(consent), [...new Set([...known, ...consent.scope])], server.now() + RETENTION_MS)
}

async function key({ userId, client }: Consent): Promise<string> {
  return `consent:${await digest(JSON.stringify([userId, client.clientId]))}`
}
