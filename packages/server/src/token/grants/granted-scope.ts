import { words } from '../../authorize/authorization-request.js'
import { OAuthError } from '../../http/oauth-error.js'
import { grantScope, parseScope } from '../scope.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import type { Grant } from './grant.js'

/** Who asks by which grant. */
export interface Asking {
  readonly grant: Grant
  readonly client: ClientRecord
  readonly server: ServerParts
  /** Whether the request asks for something in detail: then it may do without a scope (RFC 9396, section 3). */
  readonly hasDetails?: boolean
}

/** The last word on a scope: what it leaves out is not granted, what it adds is. Throws OAuthError to refuse. */
export type ScopePolicy = (granted: readonly string[], asking: Pick<Asking, 'grant' | 'client'>) => readonly string[]

/** @returns what of the requested scope this client gets by this grant; throws OAuthError `invalid_scope` */
export function grantedScope(requested: string | undefined, { grant, client, server, hasDetails }: Asking): readonly string[] {
  const known = grant.scopes ?? server.scopes
  const ofClient = client.scope === undefined ? known : words(client.scope)
  const allowed = known.filter((scope) => ofClient.includes(scope))
  if (allowed.length === 0 && known.length > 0 && ofClient.length > 0)
    throw new OAuthError('invalid_scope', 'this client may have none of the scopes that there are')
  const isWithout = hasDetails && requested === undefined && grant.defaultScope === undefined
  const granted = isWithout ? [] : grantScope(parseScope(requested), allowed, defaultScope(grant, client))
  return server.scopePolicy ? server.scopePolicy(granted, { grant, client }) : granted
}

/** A default gives a client no more than it may ask for. */
function defaultScope({ defaultScope: scope }: Grant, client: ClientRecord): string | undefined {
  if (client.scope === undefined) return scope
  const ofClient = words(client.scope)
  return (
    words(scope)
      .filter((name) => ofClient.includes(name))
      .join(' ') || undefined
  )
}
