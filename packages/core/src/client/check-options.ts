import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { mostSimilar, type OptionKind, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { checkProtocolOptions } from '../protocol/check-protocol-options.js'
import type { Resource } from '../fetch/fetch-options.js'
import type { OAuthClient } from './client.js'
import type { ClientOptions } from './client-options.js'
import * as names from './option-names.js'

// Loaded in development only: what is misspelled there is misspelled in production. See `IS_DEVELOPMENT`.

/** @throws ConfigurationError for an option that does not exist, a value of another kind, and durations that are not positive */
export function checkClientOptions(where: string, options: Partial<ClientOptions> = {}): void {
  refuseUnknownOptions(where, options, names.CLIENT_OPTIONS)
  checkProtocolOptions(where, options)
  for (const one of options.silent ?? []) refuseOtherKind(where, 'silent', [one, "'iframe' | 'redirect'"])
  for (const name of ['redirectUri', 'postLogoutRedirectUri'] as const) refuseFragment(name, options[name])
  for (const resource of options.resources ?? []) checkResource(where, resource)
  refuseUnknownOptions('"environment"', options.environment, names.ENVIRONMENT)
  checkDurations(options)
}

function checkResource(where: string, resource: unknown): void {
  refuseOtherKind(where, 'resources', [resource, 'string | object', 'required'])
  if (typeof resource !== 'object') return
  refuseUnknownOptions('A resource', resource, names.RESOURCE)
  refuseOtherKind('A resource', 'url', [(resource as Partial<Resource>).url, 'string', 'filled'])
}

function checkDurations({ leeway, clockTolerance, timeout }: Partial<ClientOptions>): void {
  if ((leeway ?? 0) >= 0 && (clockTolerance ?? 0) >= 0 && (timeout ?? 1) > 0) return
  throw createError('configuration', '"leeway", "clockTolerance" and "timeout" are seconds and not negative.', {
    hint: 'Omit them to get the defaults.',
  })
}

type Call = (...given: never[]) => unknown

function refuseFragment(name: string, uri: string | undefined): void {
  if (!uri?.includes('#')) return
  throw createError('configuration', `"${name}" has a fragment.`, { hint: 'Remove it.', spec: 'RFC 6749, section 3.1.2' })
}

type CheckedCall =
  | 'login'
  | 'logout'
  | 'refresh'
  | 'getAccessToken'
  | 'userInfo'
  | 'revoke'
  | 'fetch'
  | 'on'
  | 'subscribe'
  | 'introspect'
  | 'handleCallback'

/** Position and names of the options of each call. */
const CALLS: ReadonlyArray<readonly [CheckedCall, number, Readonly<Record<string, OptionKind>>]> = [
  ['login', 0, names.LOGIN_OPTIONS],
  ['logout', 0, names.LOGOUT_OPTIONS],
  ['refresh', 0, names.REFRESH_OPTIONS],
  ['getAccessToken', 0, names.ACCESS_TOKEN_OPTIONS],
  ['userInfo', 0, names.USER_INFO_OPTIONS],
  ['revoke', 1, names.REVOKE_OPTIONS],
]

/**
 * Adds checks of their arguments to the calls of a client, or of an object that takes its place, such as a test double. For development.
 *
 * @param fail reports the error, as for any other failure
 */
export function withCheckedCalls<Client extends Pick<OAuthClient, CheckedCall>>(
  client: Client,
  fail: (error: OAuthClientError) => void,
): Client {
  refuseOtherKind('withCheckedCalls()', 'client', [client, 'object', 'required'])
  const checked = { ...client }
  const replace = (name: string, check: (given: readonly unknown[]) => void): void => {
    const call = (client as unknown as Readonly<Record<string, Call>>)[name] as (...given: unknown[]) => unknown
    const run = (...given: unknown[]): unknown => {
      try {
        check(given)
      } catch (cause) {
        // The checks throw nothing else.
        const error = cause as OAuthClientError
        fail(error)
        const refused = Promise.reject(error)
        refused.catch(() => undefined)
        return refused
      }
      return call(...given)
    }
    Object.assign(checked, { [name]: run })
  }
  for (const [name, position, known] of CALLS) replace(name, (given) => checkCall(name, given, [position, known]))
  replace('fetch', ([, init]) => checkFetchOptions(init))
  replace('introspect', ([token]) => checkText('introspect()', 'token', token))
  replace('handleCallback', ([url]) => checkUrl('handleCallback()', url))
  return Object.assign(checked, {
    on(name: never, listener: never) {
      checkListener(name, listener)
      return client.on(name, listener)
    },
    subscribe(listener: never) {
      refuseOtherKind('subscribe()', 'listener', [listener, 'function', 'required'])
      return client.subscribe(listener)
    },
  })
}

function checkCall(
  name: string,
  given: readonly unknown[],
  [position, known]: readonly [number, Readonly<Record<string, OptionKind>>],
): void {
  if (position === 1) checkText(`${name}()`, 'token', given[0])
  refuseUnknownOptions(`${name}()`, given[position], known)
}

function checkText(where: string, name: string, value: unknown): void {
  if (value !== undefined) refuseOtherKind(where, name, [value, 'string', 'required'])
}

function checkUrl(where: string, url: unknown): void {
  if (url !== undefined && !(url instanceof URL)) refuseOtherKind(where, 'url', [url, 'string', 'required'])
}

/** Other names are the runtime's: `next`, `duplex`, `priority`. One that is nearly ours would send the token. */
function checkFetchOptions(init: unknown): void {
  refuseUnknownOptions('fetch()', init, { ...namesIn(init), signal: 'signal', ...names.FETCH_OPTIONS })
  for (const name of Object.keys(init ?? {})) {
    const isClose = !Object.hasOwn(names.FETCH_OPTIONS, name) && mostSimilar(name, Object.keys(names.FETCH_OPTIONS))
    if (isClose) refuseUnknownOptions('fetch()', { [name]: true }, names.FETCH_OPTIONS)
  }
}

function namesIn(init: unknown): Readonly<Record<string, true>> {
  return Object.fromEntries(Object.keys(Object(init) as object).map((name) => [name, true as const]))
}

/** @throws ConfigurationError for an event that does not exist: its listener would never be called */
export function checkListener(name: unknown, listener: unknown): void {
  checkEventName(name)
  refuseOtherKind('on()', 'listener', [listener, 'function', 'required'])
}

function checkEventName(name: unknown): void {
  const text = String(name)
  if (Object.hasOwn(names.EVENTS, text)) return
  const similar = mostSimilar(text, Object.keys(names.EVENTS))
  throw createError('configuration', `There is no event "${text}".`, {
    hint: similar ? `Did you mean "${similar}"?` : `The events are: ${Object.keys(names.EVENTS).join(', ')}.`,
  })
}
