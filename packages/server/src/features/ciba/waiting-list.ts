import type { ServerContext } from '../../options/server-context.js'
import { digest } from '../../storage/digest.js'

type StateServer = Pick<ServerContext, 'stores'>

/** Requests that may wait for one user at a time: a limit against approval by fatigue. */
const PLACES = Array.from({ length: 10 }, (_, index) => index)

/** A request that waits for a user, and when it expires (milliseconds since the epoch). */
interface Waiting {
  readonly userId: string
  readonly key: string
  readonly expiresAt: number
}

/**
 * Puts a request into the first free place of a user's list. A store has no lists, but an atomic `add`: two processes never get the
 * same place, and a place is free again when its request expires.
 *
 * @returns the place; undefined if none is free
 */
export async function joinWaitingList({ userId, key, expiresAt }: Waiting, { stores }: StateServer): Promise<string | undefined> {
  const user = await digest(userId)
  for (const index of PLACES) {
    const place = placeOf(user, index)
    if (await stores.state.add(place, key, expiresAt)) return place
  }
  return undefined
}

/** Returns the keys of the requests in a user's list; some may have been decided in the meantime. */
export async function readWaitingList(userId: string, { stores }: StateServer): Promise<readonly string[]> {
  const user = await digest(userId)
  const keys = await Promise.all(PLACES.map((index) => stores.state.get<string>(placeOf(user, index))))
  return keys.filter((key) => key !== undefined)
}

/** Frees the place of a request. */
export async function leaveWaitingList(
  { place, key }: { readonly place: string; readonly key: string },
  { stores }: StateServer,
): Promise<void> {
  if ((await stores.state.get<string>(place)) === key) await stores.state.delete(place)
}

function placeOf(user: string, index: number): string {
  return `ciba-waiting:${user}:${index}`
}
