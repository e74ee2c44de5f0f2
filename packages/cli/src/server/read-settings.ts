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
import { type Document, parseDocument } from 'yaml'
import { explainFile } from './explain-file.js'
import type { ServerOptions } from './server-options.js'

/** The contents of the settings files, named as in `AuthorizationServerOptions`. */
export interface FileSettings {
  /** The users: each with `sub`, and optionally `username`, `password`, `claims` and `data`. Default: none. */
  readonly users: readonly User[]
  /** The clients: each with `clientId` and `redirectUris`, and all other members of a client record. Default: none. */
  readonly clients: readonly ClientRecord[]
  /** The grants by their names, each with its options. Default: `authorizationCode`, `refreshToken` and `clientCredentials`. */
  readonly grants: readonly Grant[]
  /** The optional features by their names, each with its options. Default: `device`. */
  readonly features: readonly Feature[]
  /** The scopes that clients may request; the list replaces the default. Default: those of OpenID Connect. */
  readonly scopes: readonly string[] | undefined
  /** The claims that each scope gives access to. Default: those of OpenID Connect. */
  readonly scopeClaims: Readonly<Record<string, readonly string[]>> | undefined
  /** Signs a user in with one click instead of a password. Default: `true` if no user has a password. */
  readonly oneClick: boolean | undefined
}

/** The settings, and the files with passwords or secrets. */
export interface ReadSettings {
  readonly settings: FileSettings
  readonly secretFiles: readonly string[]
}

/** The grants by their names in a settings file. */
export const GRANTS: Readonly<Record<string, (options: object) => Grant>> = {
  authorizationCode,
  refreshToken,
  implicit,
  hybrid,
  password,
  clientCredentials,
  tokenExchange,
}

/** The features by their names in a settings file. */
export const FEATURES: Readonly<Record<string, (options: object) => Feature>> = { device, ciba }

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
export async function readSettings(options: ServerOptions): Promise<ReadSettings> {
  const files = {
    config: await read('--config', options.config),
    users: await read('--users', options.users),
    clients: await read('--clients', options.clients),
  }
  if (options.config !== undefined && (files.config === undefined || files.config === null))
    throw new TypeError(`${options.config}: expected an object with settings, such as "users". The file is empty`)
  const config = asRecord(files.config, options.config)
  checkMembers(config, SETTINGS, { name: options.config ?? 'settings' })
  const list = (name: 'users' | 'clients'): readonly Members[] =>
    options[name] === undefined ? asRecords(config[name] ?? [], name) : asRecords(files[name], options[name])
  const [users, clients] = [
    list('users').map((user, index) => asUser(user, placeOf(options, 'users', index))),
    list('clients').map((client, index) => asClient(client, placeOf(options, 'clients', index))),
  ]
  const secretFiles = (['config', 'users', 'clients'] as const).filter((name) => hasSecret(files[name]))
  return {
    settings: { ...readServerSettings(config, options), users, clients },
    secretFiles: secretFiles.flatMap((name) => options[name] ?? []),
  }
}

function readServerSettings(config: Members, options: ServerOptions): Omit<FileSettings, 'users' | 'clients'> {
  return {
    grants: create(config['grants'] === undefined ? DEFAULT_GRANTS : config['grants'], GRANTS, 'grants'),
    features: create(config['features'] === undefined ? DEFAULT_FEATURES : config['features'], FEATURES, 'features'),
    scopes: config['scopes'] === undefined ? undefined : asTexts(config['scopes'], 'scopes'),
    scopeClaims: asScopeClaims(config['scopeClaims']),
    oneClick: options.oneClick ?? asFlag(config['oneClick'], 'oneClick'),
  }
}

/** JSON is a subset of YAML, so one parser reads both. */
async function read(option: string, file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw explainFile(option, file, error)
  })
  // Without the parser's own messages, which quote the file: it may contain passwords.
  const document = parseDocument(text, { prettyErrors: false })
  const [fault] = [...document.errors, ...document.warnings]
  if (!fault) return valueOf(document, file)
  const lines = text.slice(0, fault.pos[0]).split('\n')
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
  const meaning = YAML_MISTAKES[fault.code] ?? 'check the indentation, the quotes and the brackets there'
  throw new TypeError(`${file}: expected YAML or JSON. The first mistake is in ${place} (${fault.code}): ${meaning}`)
}

/** What the codes of the parser mean. */
const YAML_MISTAKES: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation is wrong',
  TAB_AS_INDENT: 'a tab is used for the indentation. Use spaces',
  MISSING_CHAR: 'a quote, a bracket or a comma is missing, or the indentation is wrong',
  DUPLICATE_KEY: 'a name is there twice',
  BLOCK_AS_IMPLICIT_KEY: 'a line break is missing, or the indentation is wrong',
  BLOCK_IN_FLOW: 'a bracket is not closed, or the indentation is wrong',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing, or the indentation is wrong',
  UNEXPECTED_TOKEN: 'text is there that does not belong there, such as a bracket without its other half',
  BAD_DQ_ESCAPE: 'a backslash in double quotes starts no known escape. Use single quotes',
  BAD_SCALAR_START: 'a text that starts with @ or ` needs quotes',
  UNRESOLVED_TAG: 'a text that starts with ! needs quotes',
  TAG_RESOLVE_FAILED: 'a text that starts with ! needs quotes',
  BAD_ALIAS: 'a text that starts with * or & needs quotes',
}

function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS()
  } catch {
    throw new TypeError(`${file}: expected YAML or JSON. An alias has no anchor, or there are too many of them`)
  }
}

const SECRET_MEMBERS = ['password', 'clientSecret', 'registrationToken']

function hasSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => SECRET_MEMBERS.includes(name) || hasSecret(member))
}

type Members = Readonly<Record<string, unknown>>

function asRecord(value: unknown, where = 'settings'): Members {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value }
  throw new TypeError(`${where}: expected an object`)
}

function asRecords(value: unknown, where: string): readonly Members[] {
  if (Array.isArray(value)) return value.map((item: unknown) => asRecord(item, where))
  throw new TypeError(`${where}: expected a list${value === undefined || value === null ? '. It is empty' : ''}`)
}

function asFlag(value: unknown, where: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw new TypeError(`${where}: expected true or false`)
}

function asTexts(value: unknown, where: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new TypeError(`${where}: expected a list of strings`)
}

/** Where an entry of a list is. */
interface Place {
  /** The file and the list, such as `latchkey.yaml: users`. */
  readonly list: string
  /** Counted from 1. */
  readonly entry: number
}

function placeOf(options: ServerOptions, name: 'users' | 'clients', index: number): Place {
  return { list: `${options[name] ?? options.config ?? 'settings'}: ${name}`, entry: index + 1 }
}

function asUser(user: Members, { list, entry }: Place): User {
  const { sub } = user
  if (typeof sub !== 'string' || sub === '')
    throw new TypeError(`${list}: every user needs a "sub" that is a string; entry ${entry} of the list has none`)
  for (const name of ['username', 'password'] as const) {
    if (user[name] !== undefined && typeof user[name] !== 'string')
      throw new TypeError(`${list}: "${name}" of "${sub}": expected a string; put it in quotes`)
  }
  return { ...user, sub, claims: asOptionalRecord(user, 'claims', list), data: asOptionalRecord(user, 'data', list) }
}

function asClient(client: Members, { list, entry }: Place): ClientRecord {
  const { clientId, redirectUris = [] } = client
  if (typeof clientId !== 'string' || clientId === '')
    throw new TypeError(`${list}: every client needs a "clientId" (not "client_id"); entry ${entry} of the list has none`)
  // Its other members are checked by the server.
  return { ...client, clientId, redirectUris: asTexts(redirectUris, `${list}: "redirectUris" of "${clientId}"`) }
}

function asOptionalRecord(user: Members, name: string, list: string): Members | undefined {
  return user[name] === undefined ? undefined : asRecord(user[name], `${list}: "${name}" of "${String(user['sub'])}"`)
}

/** Returns an error of the server about the settings, with the file that they are in. */
export function explainSettings(error: unknown, options: ServerOptions): unknown {
  const [, name] =
    (error instanceof TypeError && /^(users|clients|userSite|scopes|scopeClaims|grants|features)\b/.exec(error.message)) || []
  const list = name === 'users' || name === 'userSite' ? options.users : name === 'clients' ? options.clients : undefined
  const file = list ?? options.config
  return error instanceof TypeError && name !== undefined && file !== undefined
    ? new TypeError(`${file}: ${error.message}`, { cause: error })
    : error
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
