import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { digest } from '../storage/digest.js'

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
export async function rememberConsent(
  server: Pick<ServerContext, 'stores' | 'now' | 'consentLifetime'>,
  consent: Consent,
): Promise<void> {
  const { consentLifetime } = server
  if (consentLifetime === 0) return
  const expiresAt = consentLifetime === undefined ? undefined : server.now() + consentLifetime * 1000
  const known = (await server.stores.state.get<readonly string[]>(await key(consent))) ?? []
  await server.stores.state.set(await key(consent), [...new Set([...known, ...consent.scope])], expiresAt)
}

async function key({ userId, client }: Consent): Promise<string> {
  return `consent:${await digest(JSON.stringify([userId, client.clientId]))}`
}
