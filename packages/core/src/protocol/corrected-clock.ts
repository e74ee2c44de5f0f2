import { reasonOf } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { withServerClock } from './id-token.js'

/** The second half of `withRightClock`. @returns the same context if the error is not about the time, or no other clock is known */
export async function correctedContext(context: ProtocolContext, error: OAuthClientError): Promise<ProtocolContext> {
  return isAboutTime(error) ? withAppServerClock(context) : context
}

function isAboutTime(error: OAuthClientError): boolean {
  const reason = reasonOf(error)
  return reason !== undefined && /\b(?:exp|iat|nbf|auth_time)\b/.test(String(reason && reason[1]))
}

async function withAppServerClock(context: ProtocolContext): Promise<ProtocolContext> {
  const { window: page, fetch } = context.environment
  if (!page) return context
  try {
    const response = await fetch(page.location.origin, { method: 'HEAD', cache: 'no-store', credentials: 'omit' })
    return withServerClock(context, response.headers)
  } catch {
    return context
  }
}
