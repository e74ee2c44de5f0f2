import type { OAuthClient } from '@latchkey/core'

let aheadMs = 0

/** Returns the time of the app's own client, in milliseconds since the epoch. */
export function sessionNow(): number {
  return Date.now() + aheadMs
}

/** Advances the clock of the app's own client past the expiry of its access token, until its next request. */
export function expireAccessToken(client: Pick<OAuthClient, 'getTokenSet'>): void {
  const { expiresAt } = client.getTokenSet() ?? {}
  if (expiresAt !== undefined) aheadMs = Math.max(0, expiresAt * 1000 - Date.now() + 1000)
}

/** Wraps the `fetch` of the client: the refreshed token is validated at the real time. */
export function resettingClock(send: typeof fetch): typeof fetch {
  return (input, init) => {
    aheadMs = 0
    return send(input, init)
  }
}
