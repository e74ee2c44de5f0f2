import type { ServerContext } from '../options/server-context.js'

/** Seconds that a request may be in flight. */
const IN_FLIGHT = 60

/** Marks a session as ended: a request in flight may store it again. @param sid its id */
export async function markSessionEnded(
  { stores, now, sessionLifetime }: Pick<ServerContext, 'stores' | 'now' | 'sessionLifetime'>,
  sid: string,
): Promise<void> {
  await stores.state.set(endOf(sid), 1, now() + (sessionLifetime + IN_FLIGHT) * 1000)
}

/** Tells whether a session has ended before its time. @param sid its id */
export async function hasSessionEnded({ stores }: Pick<ServerContext, 'stores'>, sid: string): Promise<boolean> {
  return (await stores.state.get(endOf(sid))) !== undefined
}

function endOf(sid: string): string {
  return `session-ended:${sid}`
}
