import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { mostSimilar, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { OAuthClient } from './client.js'
import type { ClientOptions } from './client-options.js'
import * as names from './option-names.js'

// Loaded in development only: what is misspelled there is misspelled in production. See `IS_DEVELOPMENT`.

/** @throws ConfigurationError for an option that does not exist, and for durations that are not positive numbers */
export function checkClientOptions(where: string, options: Partial<ClientOptions> = {}): void {
  refuseUnknownOptions(where, options, names.CLIENT_OPTIONS)
  for (const name of ['redirectUri', 'postLogoutRedirectUri'] as const) refuseFragment(name, options[name])
  const { resources = [], dpop, requestObject, environment, leeway = 0, clockTolerance = 0, timeout = 1 } = options
  for (const resource of resources) refuseUnknownOptions('A resource', resource, names.RESOURCE)
  refuseUnknownOptions('"dpop"', dpop, names.DPOP)
  refuseUnknownOptions('"requestObject"', requestObject, names.REQUEST_OBJECT)
  refuseUnknownOptions('"environment"', environment, names.ENVIRONMENT)
  if (leeway >= 0 && clockTolerance >= 0 && timeout > 0) return
  throw createError('configuration', '"leeway", "clockTolerance" and "timeout" are seconds and not negative.', {
    hint: 'Omit them to get the defaults.',
  })
}

type Call = (...given: never[]) => unknown

function refuseFragment(name: string, uri: string | undefined): void {
  if (!uri?.includes('#')) return
  throw createError('configuration', `"${name}" has a fragment.`, { hint: 'Remove it.', spec: 'RFC 6749, section 3.1.2' })
}

type CheckedCall = 'login' | 'logout' | 'refresh' | 'getAccessToken' | 'userInfo' | 'revoke' | 'fetch' | 'on'

/** Position and names of the options of each call. */
const CALLS: ReadonlyArray<readonly [CheckedCall, number, Readonly<Record<string, true>>]> = [
  ['login', 0, names.LOGIN_OPTIONS],
  ['logout', 0, names.LOGOUT_OPTIONS],
  ['refresh', 0, names.REFRESH_OPTIONS],
  ['getAccessToken', 0, names.ACCESS_TOKEN_OPTIONS],
  ['userInfo', 0, names.USER_INFO_OPTIONS],
  ['revoke', 1, names.REVOKE_OPTIONS],
]

/**
 * Adds checks of their options to the calls of a client.
 *
 * @param fail reports the error, as for any other failure
 */
export function withCheckedCalls<Client extends Pick<OAuthClient, CheckedCall>>(
  client: Client,
  fail: (error: OAuthClientError) => void,
): Client {
  const checked = { ...client }
  const replace = (name: string, check: (given: readonly unknown[]) => void): void => {
    const call = (client as unknown as Readonly<Record<string, Call>>)[name] as (...given: unknown[]) => unknown
    const run = (...given: unknown[]): unknown => {
      try {
        check(given)
      } catch (cause) {
        // `refuseUnknownOptions` throws nothing else.
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
  for (const [name, position, known] of CALLS) replace(name, (given) => refuseUnknownOptions(`${name}()`, given[position], known))
  replace('fetch', ([, init]) => checkFetchOptions(init))
  return Object.assign(checked, {
    on(name: never, listener: never) {
      checkEventName(name)
      return client.on(name, listener)
    },
  })
}

/** Other names are the runtime's: `next`, `duplex`, `priority`. One that is nearly ours would send the token. */
function checkFetchOptions(init: unknown): void {
  for (const name of Object.keys(Object(init) as object)) {
    const isClose = !Object.hasOwn(names.FETCH_OPTIONS, name) && mostSimilar(name, Object.keys(names.FETCH_OPTIONS))
    if (isClose) refuseUnknownOptions('fetch()', { [name]: true }, names.FETCH_OPTIONS)
  }
}

/** @throws ConfigurationError for an event that does not exist: its listener would never be called */
export function checkEventName(name: string): void {
  if (Object.hasOwn(names.EVENTS, name)) return
  const similar = mostSimilar(name, Object.keys(names.EVENTS))
  throw createError('configuration', `There is no event "${name}".`, {
    hint: similar ? `Did you mean "${similar}"?` : `The events are: ${Object.keys(names.EVENTS).join(', ')}.`,
  })
}
