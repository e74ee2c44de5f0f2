import { readFile } from 'node:fs/promises'
import {
  authorizationCode,
  checkMembers,
  clientCredentials,
  hybrid,
  implicit,
  password,
  refreshToken,
  tokenExchange,
  type ClientRecord,
  type Feature,
  type Grant,
  type MembersOf,
  type User,
} from '@latchkey/server'
import { ciba } from '@latchkey/server/ciba'
import { device } from '@latchkey/server/device'
import { parse } from 'yaml'
import type { ServerOptions } from './server-options.js'

/** The contents of the settings files, named as in `AuthorizationServerOptions`. */
export interface FileSettings {
  readonly users: readonly User[]
  readonly clients: readonly ClientRecord[]
  readonly grants: readonly Grant[]
  readonly features: readonly Feature[]
  readonly scopes: readonly string[] | undefined
  readonly scopeClaims: Readonly<Record<string, readonly string[]>> | undefined
  /** Undefined leaves the choice to `userSite`. */
  readonly oneClick: true | undefined
}

const GRANTS: Readonly<Record<string, (options: object) => Grant>> = {
  authorizationCode,
  refreshToken,
  implicit,
  hybrid,
  password,
  clientCredentials,
  tokenExchange,
}

const FEATURES: Readonly<Record<string, (options: object) => Feature>> = { device, ciba }

const SETTINGS: MembersOf<FileSettings> = {
  users: true,
  clients: true,
  grants: true,
  features: true,
  scopes: true,
  scopeClaims: true,
  oneClick: true,
}

const DEFAULT_GRANTS = { authorizationCode: {}, refreshToken: {}, clientCredentials: {} }
const DEFAULT_FEATURES = { device: {} }

/** Reads and merges all settings files. Throws a TypeError that names the file and the invalid member. */
export async function readSettings(options: ServerOptions): Promise<FileSettings> {
  const config = asRecord(await read(options.config), options.config)
  checkMembers(config, SETTINGS, { name: options.config ?? 'settings' })
  const users = asRecords((await read(options.users)) ?? config['users'] ?? [], 'users')
  const clients = asRecords((await read(options.clients)) ?? config['clients'] ?? [], 'clients')
  return {
    users: users.map(asUser),
    clients: clients.map(asClient),
    grants: create(config['grants'] === undefined ? DEFAULT_GRANTS : config['grants'], GRANTS, 'grants'),
    features: create(config['features'] === undefined ? DEFAULT_FEATURES : config['features'], FEATURES, 'features'),
    scopes: config['scopes'] === undefined ? undefined : asTexts(config['scopes'], 'scopes'),
    scopeClaims: asScopeClaims(config['scopeClaims']),
    oneClick: options.oneClick === true || config['oneClick'] === true || undefined,
  }
}

/** JSON is a subset of YAML, so one parser reads both. */
async function read(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8')
  try {
    return parse(text)
  } catch (cause) {
    throw new TypeError(`${file}: expected YAML or JSON`, { cause })
  }
}

type Members = Readonly<Record<string, unknown>>

function asRecord(value: unknown, where = 'settings'): Members {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value }
  throw new TypeError(`${where}: expected an object`)
}

function asRecords(value: unknown, where: string): readonly Members[] {
  if (Array.isArray(value)) return value.map((item: unknown) => asRecord(item, where))
  throw new TypeError(`${where}: expected a list`)
}

function asTexts(value: unknown, where: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new TypeError(`${where}: expected a list of strings`)
}

function asUser(user: Members): User {
  const { sub } = user
  if (typeof sub !== 'string' || sub === '') throw new TypeError('users: every user needs a "sub" that is a string')
  for (const name of ['username', 'password'] as const) {
    if (user[name] !== undefined && typeof user[name] !== 'string')
      throw new TypeError(`users: "${name}" of "${sub}": expected a string; put it in quotes`)
  }
  return { ...user, sub, claims: asOptionalRecord(user, 'claims'), data: asOptionalRecord(user, 'data') }
}

function asClient(client: Members): ClientRecord {
  const { clientId, redirectUris = [] } = client
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('clients: every client needs a "clientId"')
  // Its other members are checked by the server.
  return { ...client, clientId, redirectUris: asTexts(redirectUris, `clients: "redirectUris" of "${clientId}"`) }
}

function asOptionalRecord(user: Members, name: string): Members | undefined {
  return user[name] === undefined ? undefined : asRecord(user[name], `users: "${name}" of "${String(user['sub'])}"`)
}

/** Creates the grants or features that a settings file names, with their options. */
function create<Value>(
  value: unknown,
  known: Readonly<Record<string, (options: object) => Value>>,
  where: string,
): readonly Value[] {
  const entries = asRecord(value, where)
  checkMembers(entries, known, { name: where })
  return Object.entries(entries).flatMap(([name, options]) => known[name]?.(asRecord(options, `${where}: ${name}`)) ?? [])
}

function asScopeClaims(value: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  if (value === undefined) return undefined
  return Object.fromEntries(
    Object.entries(asRecord(value, 'scopeClaims')).map(([scope, claims]) => [scope, asTexts(claims, `scopeClaims: ${scope}`)]),
  )
}
