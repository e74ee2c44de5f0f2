import type { ProtocolContext } from './protocol.js'

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
