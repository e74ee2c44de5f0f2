import { grantScope, parseScope } from '../scope-policy.js'
import type { ServerParts } from '../server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'
import type { Grant } from './grant.js'

/** @returns what of the requested scope this client gets by this grant; throws OAuthError `invalid_scope` */
export function grantedScope(
  requested: string | undefined,
  { grant, client, server }: { readonly grant: Grant; readonly client: ClientRecord; readonly server: ServerParts },
): readonly string[] {
  const known = grant.scopes ?? server.scopes
  const ofClient = client.scope === undefined ? undefined : parseScope(client.scope)
  const allowed = ofClient ? known.filter((scope) => ofClient.includes(scope)) : known
  return grantScope(parseScope(requested), allowed, grant.defaultScope)
}
