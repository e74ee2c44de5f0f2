import { OAuthError } from '../../http/oauth-error.js'
import type { ServerContext } from '../../options/server-context.js'
import { grantScope, parseScope, words } from '../scope.js'
import type { GrantSettings } from './grant-settings.js'
import type { ScopeRequest } from './scope-policy.js'

/** Who requests scope, by which grant, at which server. */
export interface ServerScopeRequest extends ScopeRequest {
  readonly server: Pick<ServerContext, 'scopes' | 'scopePolicy'>
  /** Whether the request has authorization details: then scope is optional (RFC 9396, section 3). */
  readonly hasDetails?: boolean | undefined
}

/** Returns what of the requested scope this client gets by this grant. Throws OAuthError `invalid_scope`. */
export function grantedScope(
  requested: string | undefined,
  { grant, client, server, hasDetails }: ServerScopeRequest,
): readonly string[] {
  const known = grant.scopes ?? server.scopes
  const registered = client.scope === undefined ? known : words(client.scope)
  const allowed = known.filter((scope) => registered.includes(scope))
  if (allowed.length === 0 && known.length > 0 && registered.length > 0)
    throw new OAuthError('invalid_scope', 'this client may use none of the scope names that exist')
  const isEmpty = hasDetails && requested === undefined && grant.defaultScope === undefined
  const granted = isEmpty ? [] : grantScope(parseScope(requested), allowed, defaultScope(grant, client))
  return server.scopePolicy ? server.scopePolicy(granted, { grant, client }) : granted
}

/** The default scope gives a client no more than it may request. */
function defaultScope({ defaultScope: scope }: GrantSettings, client: ClientScope): string | undefined {
  if (client.scope === undefined) return scope
  const registered = words(client.scope)
  return (
    words(scope)
      .filter((name) => registered.includes(name))
      .join(' ') || undefined
  )
}

/**
 * Returns the granted scope that the client may still use: its record may have changed since the user agreed.
 *
 * @throws OAuthError `invalid_scope` if nothing is left
 */
export function stillAllowedScope(
  granted: readonly string[],
  {
    grant,
    client,
    server,
  }: Pick<ServerScopeRequest, 'grant' | 'client'> & {
    readonly server: Pick<ServerScopeRequest['server'], 'scopePolicy'>
  },
): readonly string[] {
  if (client.scope === undefined) return granted
  const allowed = words(client.scope)
  const left = granted.filter((name) => allowed.includes(name))
  if (left.length === granted.length) return granted
  // The policy of the host may grant names that the client has not registered.
  const added = server.scopePolicy?.(left, { grant, client }) ?? []
  const kept = granted.filter((name) => left.includes(name) || added.includes(name))
  if (kept.length > 0) return kept
  throw new OAuthError('invalid_scope', 'the client may use none of the granted scope names any more')
}

type ClientScope = Pick<ScopeRequest['client'], 'scope'>
