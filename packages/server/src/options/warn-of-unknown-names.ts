import { words } from '../token/scope.js'
import type { ServerContext } from './server-context.js'
import type { AuthorizationServerOptions } from './server-options.js'

type NamingServer = Pick<ServerContext, 'issuer' | 'scopes' | 'grants'>

/** Says once, when the server is made, which names in its list of clients it does not have: each request with them would be refused. */
export function warnOfUnknownNames(clients: AuthorizationServerOptions['clients'], server: NamingServer): void {
  if (!Array.isArray(clients)) return
  const scopes = knownScopes(server)
  const grantTypes = new Set(server.grants.map(({ grantType }) => grantType))
  const lines = clients.flatMap(({ clientId, scope, grantTypes: own = [] }) => [
    ...listOf(
      `"scope" of "${clientId}" has`,
      words(scope).filter((name) => !scopes.has(name)),
      '"scopes"',
    ),
    ...listOf(
      `"grantTypes" of "${clientId}" has`,
      own.filter((name: string) => !grantTypes.has(name)),
      '"grants" or "features"',
    ),
  ])
  if (lines.length > 0) warn(`clients: ${lines.join('; ')}.`)
}

/** Says when a guard is made that no token can have its scope. */
export function warnOfUnknownScope(scope: string | undefined, server: NamingServer & Pick<ServerContext, 'scopePolicy'>): void {
  if (server.scopePolicy) return
  const scopes = knownScopes(server)
  const [line] = listOf(
    'a guard requires',
    words(scope).filter((name) => !scopes.has(name)),
    '"scopes"',
  )
  if (line !== undefined) warn(`${line}, so it refuses every token.`)
}

function knownScopes({ scopes, grants }: NamingServer): ReadonlySet<string> {
  return new Set([...scopes, ...grants.flatMap(({ scopes: own = [], defaultScope }) => [...own, ...words(defaultScope)])])
}

function listOf(what: string, unknown: readonly string[], option: string): readonly string[] {
  if (unknown.length === 0) return []
  return [`${what} ${unknown.map((name) => `"${name}"`).join(', ')}, which the server does not have in ${option}`]
}

const said = new Set<string>()

/** Once: some hosts make the same server again, to check its options or after a reload. */
function warn(text: string): void {
  if (said.has(text)) return
  said.add(text)
  // oxlint-disable-next-line no-console -- the host must learn of it, and no request has failed
  console.warn(`latchkey: ${text}`)
}
