import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { ciba } from '../features/ciba/ciba.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { deviceCode } from '../features/device/device.js'
import { defined } from '../options/defined.js'
import type { Grant } from '../token/grants/grant.js'
import { hybrid } from '../token/grants/hybrid.js'
import { implicit } from '../token/grants/implicit.js'
import { password } from '../token/grants/password.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { tokenExchange } from '../token/grants/token-exchange.js'
import type { User } from '../site/user-site.js'
import { CLIENT_MEMBERS } from '../storage/check-client-record.js'
import type { ClientRecord } from '../storage/client-store.js'
import type { CommandOptions } from './command-options.js'

/** What the files say, in the words of `AuthorizationServerOptions`. */
export interface FileSettings {
  readonly users: readonly User[]
  readonly clients: readonly ClientRecord[]
  readonly grants: readonly Grant[]
  readonly scopes: readonly string[] | undefined
  readonly scopeClaims: Readonly<Record<string, readonly string[]>> | undefined
  readonly oneClick: boolean
}

const GRANTS: Readonly<Record<string, (options: object) => Grant>> = {
  authorizationCode,
  refreshToken,
  implicit,
  hybrid,
  password,
  clientCredentials,
  deviceCode,
  tokenExchange,
  ciba,
}

const SETTINGS: ReadonlySet<string> = new Set(['users', 'clients', 'grants', 'scopes', 'scopeClaims', 'oneClick'])
const USER_MEMBERS: ReadonlySet<string> = new Set(['sub', 'username', 'password', 'claims', 'data'])

const DEFAULT_GRANTS = { authorizationCode: {}, refreshToken: {}, clientCredentials: {}, deviceCode: {} }

/** @returns the settings of all files together; throws a TypeError that names the file and the member that is wrong */
export async function readSettings(options: CommandOptions): Promise<FileSettings> {
  const config = asRecord(await read(options.config), options.config)
  checkNames(config, SETTINGS, options.config ?? 'settings')
  const users = asRecords((await read(options.users)) ?? config['users'] ?? [], 'users')
  const clients = asRecords((await read(options.clients)) ?? config['clients'] ?? [], 'clients')
  return {
    users: users.map(asUser),
    clients: clients.map(asClient),
    grants: asGrants(config['grants']),
    scopes: config['scopes'] === undefined ? undefined : asTexts(config['scopes'], 'scopes'),
    scopeClaims: asScopeClaims(config['scopeClaims']),
    oneClick: options.oneClick || config['oneClick'] === true,
  }
}

/** YAML, of which JSON is a part. */
async function read(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8')
  try {
    return parse(text)
  } catch (cause) {
    throw new TypeError(`${file}: neither YAML nor JSON`, { cause })
  }
}

type Members = Readonly<Record<string, unknown>>

function asRecord(value: unknown, where = 'settings'): Members {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value }
  throw new TypeError(`${where}: expected named members`)
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
  checkNames(user, USER_MEMBERS, `users: "${sub}"`)
  for (const name of ['username', 'password'] as const) {
    if (user[name] !== undefined && typeof user[name] !== 'string')
      throw new TypeError(`users: "${name}" of "${sub}": expected a string; put it in quotes`)
  }
  return { ...user, sub, ...defined({ claims: asOptionalRecord(user, 'claims'), data: asOptionalRecord(user, 'data') }) }
}

function asClient(client: Members): ClientRecord {
  const { clientId, redirectUris = [] } = client
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('clients: every client needs a "clientId"')
  checkNames(client, CLIENT_MEMBERS, `clients: "${clientId}"`)
  return { ...client, clientId, redirectUris: asTexts(redirectUris, `clients: "redirectUris" of "${clientId}"`) }
}

function asOptionalRecord(user: Members, name: string): Members | undefined {
  return user[name] === undefined ? undefined : asRecord(user[name], `users: "${name}" of "${String(user['sub'])}"`)
}

/** A name that is written wrongly would be passed over in silence. */
function checkNames(members: Members, known: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(members).find((name) => !known.has(name))
  if (unknown !== undefined) throw new TypeError(`${where}: "${unknown}" is none of ${[...known].join(', ')}`)
}

function asGrants(value: unknown): readonly Grant[] {
  const named = value === undefined ? DEFAULT_GRANTS : asRecord(value, 'grants')
  return Object.entries(named).map(([name, options]) => {
    const grant = GRANTS[name]
    if (!grant) throw new TypeError(`grants: "${name}" is none of ${Object.keys(GRANTS).join(', ')}`)
    return grant(asRecord(options, `grants: ${name}`))
  })
}

function asScopeClaims(value: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  if (value === undefined) return undefined
  return Object.fromEntries(
    Object.entries(asRecord(value, 'scopeClaims')).map(([scope, claims]) => [scope, asTexts(claims, `scopeClaims: ${scope}`)]),
  )
}
