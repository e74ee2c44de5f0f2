import type { LatchkeyOptions } from './latchkey-options.js'
import { nearestName } from './nearest-name.js'

const OPTIONS = {
  path: 'string',
  users: 'list',
  clients: 'list',
  clientId: 'text',
  scope: 'string',
  resources: 'texts',
  api: 'string',
  origin: 'string',
  persist: 'persist',
  devtools: 'boolean',
  clientMetadata: 'object',
  hardening: 'switch',
  production: 'object',
  server: 'object',
} as const satisfies Record<keyof LatchkeyOptions, string>
const USER_KINDS = { sub: 'text', username: 'string', password: 'string', claims: 'object', data: 'object' } as const
const HARDENING = { callback: 'boolean', report: 'folder', sources: 'sources' } as const
const PRODUCTION = { issuer: 'text', clientId: 'text', scope: 'string', resources: 'texts', redirectUri: 'text' } as const

type Kind = (typeof OPTIONS)[keyof typeof OPTIONS] | (typeof HARDENING)[keyof typeof HARDENING]

interface Rule {
  readonly expected: string
  readonly fits: (value: unknown) => boolean
}

const RULES: Readonly<Record<Kind, Rule>> = {
  string: { expected: 'a string', fits: (value) => typeof value === 'string' },
  text: { expected: 'a string that is not empty', fits: (value) => typeof value === 'string' && value !== '' },
  list: { expected: 'a list', fits: (value) => Array.isArray(value) },
  texts: { expected: 'a list of strings', fits: isListOfStrings },
  object: { expected: 'an object', fits: isObject },
  boolean: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  switch: { expected: 'true, false or an object', fits: (value) => typeof value === 'boolean' || isObject(value) },
  folder: {
    expected: 'true, false or the path of a folder',
    fits: (value) => typeof value === 'boolean' || (typeof value === 'string' && value !== ''),
  },
  sources: {
    expected: "an object of lists, such as { 'img-src': ['https://images.example.com'] }",
    fits: (value) => isObject(value) && Object.values(value as object).every(isListOfStrings),
  },
  persist: { expected: 'true, false or the path of a folder', fits: (value) => ['boolean', 'string'].includes(typeof value) },
}

/**
 * Throws an Error that names an option whose name or kind of value is wrong. What was received is only described, if it is not a name or
 * an address: users and clients have passwords and secrets.
 */
export function checkShape(options: LatchkeyOptions): void {
  if (!isObject(options)) {
    throw new Error(
      `[latchkey] The options must be an object, such as latchkey({ api: '/api' }), or absent. Received ${describeValue(options)}.`,
    )
  }
  checkNames(options, Object.keys(OPTIONS), 'The option')
  checkKinds(options, OPTIONS, '')
  const { users = [], clients = [], production, hardening } = options
  if (typeof hardening === 'object') {
    checkNames(hardening, Object.keys(HARDENING), 'The member of "hardening"')
    checkKinds(hardening, HARDENING, 'hardening.')
  }
  for (const [index, user] of users.entries()) {
    checkEntry(user, `users[${index}]`, '"sub"')
    checkNames(user, Object.keys(USER_KINDS), 'The member of a user in "users"')
    checkKinds(user, USER_KINDS, `users[${index}].`)
  }
  for (const [index, client] of clients.entries()) checkClient(client, index)
  if (production === undefined) return
  checkNames(production, Object.keys(PRODUCTION), 'The member of "production"')
  for (const name of ['issuer', 'clientId'] as const) {
    if (production[name] === undefined)
      throw new Error(`[latchkey] "production" has no "${name}". Add it, or remove "production" to build for \`vite preview\`.`)
  }
  checkKinds(production, PRODUCTION, 'production.')
}

function checkClient(client: unknown, index: number): void {
  checkEntry(client, `clients[${index}]`, '"clientId"')
  const { clientId } = client
  if (typeof clientId !== 'string' || clientId === '')
    throw new Error(`[latchkey] A client in "clients" has no "clientId": clients[${index}].`)
  for (const name of ['redirectUris', 'postLogoutRedirectUris']) {
    const uris = client[name]
    if (uris !== undefined && !isListOfStrings(uris)) {
      throw new Error(
        `[latchkey] clients: "${name}" of "${clientId}" must be a list of strings: URIs, or paths such as ["/callback"]. Received ${describeValue(uris)}.`,
      )
    }
  }
}

function checkEntry(value: unknown, name: string, member: string): asserts value is Readonly<Record<string, unknown>> {
  if (!isObject(value))
    throw new Error(`[latchkey] "${name}" must be an object with ${member}. Received ${describeValue(value)}.`)
}

function checkNames(given: object, known: readonly string[], what: string): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const nearest = nearestName(name, known)
    const hint = nearest ? `Did you mean "${nearest}"?` : `Expected one of: ${known.join(', ')}.`
    throw new Error(`[latchkey] ${what} "${name}" is unknown. ${hint}`)
  }
}

function checkKinds(given: object, kinds: Readonly<Record<string, Kind>>, prefix: string): void {
  for (const [name, kind] of Object.entries(kinds)) {
    const value: unknown = Reflect.get(given, name)
    const { expected, fits } = RULES[kind]
    if (value === undefined || fits(value)) continue
    const received = name === 'password' ? 'another value' : describeValue(value)
    throw new Error(`[latchkey] "${prefix}${name}" must be ${expected}. Received ${received}.`)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** Describes a value for a message. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.replace(/\/\/[^/?#@]*@/, '//…@'))
  if (Array.isArray(value)) {
    const found = value.find((item) => typeof item !== 'string')
    return found === undefined ? 'a list' : `a list with ${describeValue(found)}`
  }
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}
