import { builtInConnection, type Connection, connectionProblems } from './connection.js'

const storageKey = 'latchkey-playground:connection'

/** @returns the connection that was chosen last, else the built-in server's */
export function readConnection(): Connection {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (isConnection(stored) && Object.keys(connectionProblems(stored)).length === 0) return stored
  } catch {
    // What cannot be read was written by something else: the built-in server is always a good answer.
  }
  return builtInConnection
}

/** Keeps the choice for the next visit. The built-in server's is not kept: its address may be another one then. */
export function storeConnection(connection: Connection): void {
  if (isBuiltIn(connection)) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, JSON.stringify(connection))
}

export function isBuiltIn({ issuer, clientId }: Connection): boolean {
  return issuer === builtInConnection.issuer && clientId === builtInConnection.clientId
}

/**
 * A link may name a server (`?issuer=…&client_id=…&scope=…`). It only fills in the form: the person decides.
 *
 * @returns undefined when the URL names none
 */
export function connectionOfUrl(url: URL): Connection | undefined {
  const issuer = url.searchParams.get('issuer')
  if (issuer === null) return undefined
  const { clientId, scope } = builtInConnection
  return { issuer, clientId: url.searchParams.get('client_id') ?? clientId, scope: url.searchParams.get('scope') ?? scope }
}

export function linkToConnection({ issuer, clientId, scope }: Connection, page: URL): string {
  return `${page.origin}/server?${new URLSearchParams({ issuer, client_id: clientId, scope })}`
}

function isConnection(value: unknown): value is Connection {
  if (typeof value !== 'object' || value === null) return false
  const { issuer, clientId, scope } = value as Partial<Record<keyof Connection, unknown>>
  return typeof issuer === 'string' && typeof clientId === 'string' && typeof scope === 'string'
}
