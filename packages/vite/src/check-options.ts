import { checkServerOptions } from './embedded-server.js'
import type { LatchkeyOptions } from './latchkey-options.js'
import type { Mount } from './mount.js'
import { nearestName } from './nearest-name.js'

const OPTIONS = {
  path: 'string',
  users: 'list',
  clients: 'list',
  clientId: 'string',
  scope: 'string',
  resources: 'list',
  api: 'string',
  origin: 'string',
  persist: 'any',
  production: 'object',
  server: 'object',
} as const satisfies Record<keyof LatchkeyOptions, string>
const USER = ['sub', 'username', 'password', 'claims', 'data']
const PRODUCTION = ['issuer', 'clientId', 'scope', 'resources', 'redirectUri']
/** The plugin provides these; in `server` they would have no effect. */
const PROVIDED = ['issuer', 'clients', 'keys', 'stores']

/**
 * Throws an Error that names an option which is unknown, misspelled or cannot work, so that Vite does not start. The embedded server
 * itself checks clients and users: it is created for this check.
 */
export function checkOptions(options: LatchkeyOptions, mount: Mount): void {
  checkNames(options, Object.keys(OPTIONS), 'The option')
  for (const [name, kind] of Object.entries(OPTIONS)) checkKind(name, options[name as keyof LatchkeyOptions], kind)
  if (options.production) checkNames(options.production, PRODUCTION, 'The member of "production"')
  for (const user of options.users ?? []) checkNames(user, USER, 'The member of a user in "users"')
  if (options.server) refuseProvided(options.server)
  checkOrigin(options.origin)
  checkClientIds(options)
  try {
    checkServerOptions(options, mount)
  } catch (cause) {
    throw new Error(`[latchkey] ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function checkNames(given: object, known: readonly string[], what: string): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const nearest = nearestName(name, known)
    const hint = nearest ? `Did you mean "${nearest}"?` : `Expected one of: ${known.join(', ')}.`
    throw new Error(`[latchkey] ${what} "${name}" is unknown. ${hint}`)
  }
}

function checkKind(name: string, value: unknown, kind: (typeof OPTIONS)[keyof typeof OPTIONS]): void {
  const isValid = {
    any: ['boolean', 'string'].includes(typeof value),
    string: typeof value === 'string',
    list: Array.isArray(value),
    object: typeof value === 'object' && value !== null && !Array.isArray(value),
  }[kind]
  if (value !== undefined && !isValid) {
    const expected = { any: 'true, false or the path of a folder', string: 'a string', list: 'a list', object: 'an object' }[kind]
    throw new Error(`[latchkey] "${name}" must be ${expected}. Received ${JSON.stringify(value)}.`)
  }
}

function refuseProvided(server: object): void {
  const name = PROVIDED.find((one) => one in server)
  if (name !== undefined) throw new Error(`[latchkey] "server.${name}" is provided by the plugin. Remove it.`)
}

function checkOrigin(origin: string | undefined): void {
  if (origin === undefined) return
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url?.origin === origin && /^https?:$/.test(url.protocol)) return
  throw new Error(
    `[latchkey] "origin" must be an origin without a path, such as "https://dev.example.com". Received "${origin}".`,
  )
}

/** The app's own client is merged with the first client of its id, so a second one would be ignored. */
function checkClientIds({ clients = [] }: LatchkeyOptions): void {
  const seen = new Set<string>()
  for (const { clientId } of clients) {
    if (typeof clientId !== 'string' || clientId === '') throw new Error('[latchkey] A client in "clients" has no "clientId".')
    if (seen.has(clientId)) throw new Error(`[latchkey] clients: "${clientId}" is listed twice.`)
    seen.add(clientId)
  }
}
