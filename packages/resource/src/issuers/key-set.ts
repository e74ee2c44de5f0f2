import { createLocalJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose'
import { reasonOf, ResourceError } from '../http/resource-error.js'

/** Milliseconds between two requests for the keys, however many tokens name an unknown one. */
const COOLDOWN_MS = 60_000
/** Milliseconds after a failure in which no request is sent. */
const FAILURE_PAUSE_MS = 5000
/** Milliseconds after which keys are loaded again, while they are still used. */
const FRESH_MS = 600_000
/** Milliseconds after which keys are no longer used. */
const STALE_MS = 3_600_000
/** Keys of an issuer; the others are ignored. */
const MAX_KEYS = 100

/** Finds the key of a token. */
export type KeyFinder = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>

/** What a key set is made of. */
export interface KeySetSource {
  /** Loads the JSON Web Key Set. */
  readonly load: () => Promise<unknown>
  /** Returns the time in milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Creates the finder of an issuer's keys. They are loaded once, again after ten minutes, and when a token names an unknown one: then
 * at most once a minute, because anyone can send such tokens. If loading fails, known keys are used for up to an hour.
 *
 * Throws ResourceError `temporarily_unavailable` if there are no keys, and the error of jose if none fits.
 */
export function createKeyFinder({ load, now }: KeySetSource): KeyFinder {
  let keys: { readonly find: KeyFinder; readonly at: number } | undefined
  let lastRequest = Number.NEGATIVE_INFINITY
  let lastFailure: { readonly at: number; readonly cause: unknown } | undefined
  let pending: Promise<void> | undefined

  const reload = (): Promise<void> =>
    (pending ??= request().finally(() => {
      pending = undefined
    }))

  const request = async (): Promise<void> => {
    if (lastFailure && now() - lastFailure.at < FAILURE_PAUSE_MS) throw unavailable(lastFailure.cause)
    lastRequest = now()
    try {
      keys = { find: createLocalJWKSet({ keys: publicKeysOf(await load()) }), at: now() }
      lastFailure = undefined
    } catch (cause) {
      lastFailure = { at: now(), cause }
      throw unavailable(cause)
    }
  }

  const current = async (): Promise<KeyFinder> => {
    const age = keys ? now() - keys.at : Number.POSITIVE_INFINITY
    if (age >= STALE_MS) await reload()
    // The request of this token does not wait for fresh keys; a failure is repeated once the keys are stale.
    else if (age >= FRESH_MS) reload().catch(() => undefined)
    if (keys) return keys.find
    throw unavailable(undefined)
  }

  return async (header, token) => {
    const find = await current()
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || now() - lastRequest < COOLDOWN_MS) throw error
      // Known keys stay in use if the request fails, so the token is refused as one with an unknown key.
      await reload().catch(() => undefined)
      return (keys?.find ?? find)(header, token)
    }
  }
}

function unavailable(cause: unknown): ResourceError {
  return new ResourceError('temporarily_unavailable', "the issuer's keys could not be loaded", {
    cause,
    headers: { 'retry-after': String(FAILURE_PAUSE_MS / 1000) },
    hint: `${reasonOf(cause)} Check that this process reaches the issuer, and that "issuer" is its exact identifier.`,
  })
}

/** Keeps the asymmetric keys. A symmetric one would be known to everyone who reads the set. @see RFC 8725, section 3.2 */
function publicKeysOf(value: unknown): Array<Record<string, unknown> & { kty: string }> {
  const keys: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'keys') : undefined
  if (!Array.isArray(keys)) throw new TypeError('The JSON Web Key Set has no list "keys"')
  return keys.filter(isPublicKey).slice(0, MAX_KEYS)
}

function isPublicKey(key: unknown): key is Record<string, unknown> & { kty: string } {
  if (typeof key !== 'object' || key === null || 'd' in key) return false
  const kty: unknown = Reflect.get(key, 'kty')
  return typeof kty === 'string' && kty !== 'oct'
}
