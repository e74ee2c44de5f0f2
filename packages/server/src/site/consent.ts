import type { ServerParts } from '../options/server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'
import { digest } from '../storage/digest.js'

/** Milliseconds: a consent is asked for again after 90 days. */
const REMEMBERED = 7_776_000_000

/** Who agrees to what. */
export interface Consent {
  readonly userId: string
  readonly client: ClientRecord
  readonly scope: readonly string[]
}

/** @returns whether the person agreed before that this client gets all of the scope */
export async function hasConsented(server: ServerParts, consent: Consent): Promise<boolean> {
  const known = await server.stores.state.get<readonly string[]>(await key(consent))
  return known !== undefined && consent.scope.every((scope) => known.includes(scope))
}

export async function rememberConsent(server: ServerParts, consent: Consent): Promise<void> {
  const known = (await server.stores.state.get<readonly string[]>(await key(consent))) ?? []
  await server.stores.state.set(await key(consent), [...new Set([...known, ...consent.scope])], server.now() + REMEMBERED)
}

async function key({ userId, client }: Consent): Promise<string> {
  return `consent:${await digest(JSON.stringify([userId, client.clientId]))}`
}
