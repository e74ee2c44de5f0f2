import { writeJson, readJson } from '../stored-json.js'
import { builtInConnection } from './built-in-connection.js'
import { type Connection, connectionProblems } from './connection.js'

const storageKey = 'latchkey-playground:connection'

/** @returns the connection that was saved last, else the built-in server's */
export function readConnection(): Connection {
  return readJson(localStorage, storageKey, isUsable) ?? builtInConnection
}

/** Saves the connection for the next visit. The built-in one is not saved, because its port may change. */
export function storeConnection(connection: Connection): void {
  if (isBuiltIn(connection)) localStorage.removeItem(storageKey)
  else writeJson(localStorage, storageKey, connection)
}

/** True for the server inside this dev server. */
export function isBuiltIn({ issuer, clientId }: Connection): boolean {
  return issuer === builtInConnection.issuer && clientId === builtInConnection.clientId
}

/**
 * Reads a connection from a link (`?issuer=…&client_id=…&scope=…`). It only fills in the form; the user has to confirm it.
 *
 * @returns undefined if the URL contains none
 */
export function connectionOfUrl(url: URL): Connection | undefined {
  const issuer = url.searchParams.get('issuer')
  if (issuer === null) return undefined
  const { clientId, scope } = builtInConnection
  return { issuer, clientId: url.searchParams.get('client_id') ?? clientId, scope: url.searchParams.get('scope') ?? scope }
}

/** @returns a link that fills in the form with this connection */
export function linkToConnection({ issuer, clientId, scope }: Connection, page: URL): string {
  return `${page.origin}/server?${new URLSearchParams({ issuer, client_id: clientId, scope })}`
}

function isUsable(value: unknown): value is Connection {
  return isConnection(value) && Object.keys(connectionProblems(value)).length === 0
}

function isConnection(value: unknown): value is Connection {
  return hasText(value, 'issuer') && hasText(value, 'clientId') && hasText(value, 'scope')
}

function hasText<Name extends string>(value: unknown, name: Name): value is Record<Name, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    name in value &&
    typeof (value as Partial<Record<Name, unknown>>)[name] === 'string'
  )
}
