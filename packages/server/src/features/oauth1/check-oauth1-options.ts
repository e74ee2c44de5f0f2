import { checkMembers, type MembersOf } from '../../options/check-members.js'
import type { OAuth1Hooks } from './oauth1-hooks.js'
import type { OAuth1Options } from './oauth1-options.js'

/** The names of the options. */
export const OAUTH1_OPTIONS: MembersOf<OAuth1Options> = {
  clients: true,
  signatureMethods: true,
  temporaryLifetime: true,
  timestampWindow: true,
  maxBodySize: true,
  tokenLength: true,
  tokenSecretLength: true,
  generateToken: true,
  generateTokenSecret: true,
  tokenGenerator: true,
  previousSecrets: true,
  hooks: true,
}

const HOOKS: MembersOf<OAuth1Hooks> = {
  existsNonce: true,
  createTemporaryCredential: true,
  getTemporaryCredential: true,
  deleteTemporaryCredential: true,
  createAuthorizationVerifier: true,
  createTokenCredential: true,
  getTokenCredential: true,
  deleteTokenCredential: true,
}

/** Throws a TypeError that names the option that cannot work. */
export function checkOAuth1Options(options: OAuth1Options): void {
  checkMembers(options ?? null, OAUTH1_OPTIONS, { name: 'oauth1' })
  checkClients(options.clients)
  checkMembers(options.hooks, HOOKS, { name: 'oauth1: hooks' })
  checkFunctions('oauth1: hooks', options.hooks ?? {}, Object.keys(HOOKS))
  checkFunctions('oauth1', options, ['generateToken', 'generateTokenSecret', 'tokenGenerator'])
  checkNumbers(options)
  const { signatureMethods, previousSecrets = [] } = options
  if (signatureMethods !== undefined && !(Array.isArray(signatureMethods) && signatureMethods.length > 0))
    throw new TypeError('oauth1: "signatureMethods" must be a list with at least one method, such as ["HMAC-SHA256"]')
  if (!Array.isArray(previousSecrets) || !previousSecrets.every((secret) => secret instanceof Uint8Array))
    throw new TypeError('oauth1: "previousSecrets" must be a list of Uint8Array')
}

function checkClients(clients: unknown): void {
  if (Array.isArray(clients)) return
  if (typeof clients === 'object' && clients !== null && 'findClient' in clients && typeof clients.findClient === 'function')
    return
  throw new TypeError('oauth1: "clients" must be a list of clients, or an object with the function "findClient"')
}

function checkFunctions(owner: string, value: object, names: readonly string[]): void {
  for (const name of names) {
    const member: unknown = Reflect.get(value, name)
    if (member !== undefined && typeof member !== 'function')
      throw new TypeError(`${owner}: "${name}" must be a function, not ${typeof member}`)
  }
}

/** Throws a TypeError for a number that cannot work. */
function checkNumbers(options: OAuth1Options): void {
  for (const name of ['temporaryLifetime', 'timestampWindow'] as const) {
    const value = options[name] ?? 1
    if (!(value > 0 && Number.isFinite(value)))
      throw new TypeError(`oauth1: "${name}" must be seconds above 0, and not without end`)
  }
  for (const name of ['tokenLength', 'tokenSecretLength'] as const) {
    const value = options[name] ?? 42
    if (!Number.isInteger(value) || value < 22)
      throw new TypeError(`oauth1: "${name}" must be 22 characters or more, which is 128 random bits`)
  }
  const { maxBodySize = 1 } = options
  if (!Number.isInteger(maxBodySize) || maxBodySize < 1) throw new TypeError('oauth1: "maxBodySize" must be bytes above 0')
}
