import { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from './protocol-context.js'

/** @returns seconds since the epoch on the server's clock, as far as its offset is known */
export function serverNowSeconds(context: ProtocolContext): number {
  return Math.floor(context.environment.now() / 1000 + context.clockOffsetSeconds())
}

/**
 * The offset that a response's own `Date` header shows, where the browser lets it be read (same origin, or
 * `Access-Control-Expose-Headers: Date`). It comes over TLS from the server whose clock is in question, so it may correct
 * the device's clock; the ID token is then checked against the corrected clock, not with a wider tolerance.
 * Differences of a few seconds are the network's: they leave the known offset alone.
 *
 * @returns the context to go on with
 */
export function withServerClock(context: ProtocolContext, headers: Headers): ProtocolContext {
  const date = Date.parse(headers.get('date') ?? '')
  const offset = Math.round((date - context.environment.now()) / 1000)
  if (Number.isNaN(offset) || Math.abs(offset - context.clockOffsetSeconds()) <= 5) {
    return context
  }
  context.noteClockOffset(offset)
  return { ...context, clockOffsetSeconds: () => offset }
}

/**
 * Runs a check that depends on the time. Should it fail for that alone, one more clock is asked: that of the server which the app
 * itself came from. Its `Date` is of this origin and so can always be read, unlike the authorization server's.
 *
 * The reasoning: an ID token that looks expired (or not yet valid) is either really so, or this device's clock is wrong. The
 * token's own `iat` cannot tell the two apart, since an old token has an old `iat`; a third clock can. Two servers that agree with
 * each other and not with the device mean that the device is wrong, and the token is then checked in full against the corrected
 * time, with no wider tolerance: what is really expired stays refused. The request is made on suspicion only, at most once for
 * each failed check.
 *
 * Limits: a device that is slow by just as much as a token is old sees a fresh token and asks nobody; only a readable `Date` of
 * the authorization server, which is looked at with every answer, shows it the truth. Whoever can forge the `Date` of the app's
 * own server can forge the app. A page from a service worker or from a file has no such server; then the device's clock counts,
 * as it does in Node.
 */
export async function withRightClock<T>(context: ProtocolContext, work: (context: ProtocolContext) => Promise<T>): Promise<T> {
  try {
    return await work(context)
  } catch (error) {
    const corrected = isAboutTime(error) ? await withAppServerClock(context) : context
    if (corrected === context) {
      throw error
    }
    return work(corrected)
  }
}

function isAboutTime(error: unknown): boolean {
  return (
    error instanceof OAuthClientError && error.code === 'invalid_id_token' && /"(?:exp|iat|nbf|auth_time)"/.test(error.message)
  )
}

async function withAppServerClock(context: ProtocolContext): Promise<ProtocolContext> {
  const { window: page, fetch } = context.environment
  if (!page) {
    return context
  }
  try {
    const answer = await fetch(page.location.origin, { method: 'HEAD', cache: 'no-store', credentials: 'omit' })
    return withServerClock(context, answer.headers)
  } catch {
    return context
  }
}
