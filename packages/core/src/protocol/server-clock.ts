import { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from './protocol-context.js'

/** @returns seconds since the epoch on the server's clock, as far as its offset is known */
export function serverNowSeconds(context: ProtocolContext): number {
  return Math.floor(context.environment.now() / 1000 + context.clockOffsetSeconds())
}

/**
 * Learns the server's clock from a response's `Date` header, if the browser exposes it (same origin, or
 * `Access-Control-Expose-Headers: Date`). The header comes over TLS from the server whose clock is in question, so it may correct
 * the device's clock; the ID token is then checked against the corrected clock, not with more tolerance.
 * Differences of a few seconds come from the network: they do not change the known offset.
 *
 * @returns the context to continue with
 */
export function withServerClock(context: ProtocolContext, headers: Headers): ProtocolContext {
  const date = Date.parse(headers.get('date') ?? '')
  const offset = Math.round((date - context.environment.now()) / 1000)
  if (Number.isNaN(offset) || Math.abs(offset - context.clockOffsetSeconds()) <= 5) return context
  context.noteClockOffset(offset)
  return { ...context, clockOffsetSeconds: () => offset }
}

/**
 * Runs a check that depends on the time. If it fails for that reason only, it runs once more with the clock of the server that the app
 * came from: its `Date` is of this origin and can always be read, unlike the authorization server's.
 *
 * An ID token that looks expired (or not yet valid) either is, or this device's clock is wrong. The token's own `iat` cannot decide,
 * since an old token has an old `iat`; a third clock can. Two servers that agree with each other and not with the device mean that the
 * device is wrong. The token is then checked in full against the corrected time, with no more tolerance: an expired token stays refused.
 * The request is made at most once for each failed check.
 *
 * Limits: a device that is slow by exactly the age of a token sees a fresh token and makes no request; only a readable `Date` of the
 * authorization server corrects that. Anyone who can forge the `Date` of the app's own server can forge the app. A page from a service
 * worker or a file has no such server: the device's clock is used, as in Node.
 */
export async function withRightClock<T>(context: ProtocolContext, work: (context: ProtocolContext) => Promise<T>): Promise<T> {
  try {
    return await work(context)
  } catch (error) {
    if (!(error instanceof OAuthClientError && error.code === 'invalid_id_token')) throw error
    const { correctedContext } = await (await context.load()).failures()
    const corrected = await correctedContext(context, error)
    if (corrected === context) throw error
    return work(corrected)
  }
}
