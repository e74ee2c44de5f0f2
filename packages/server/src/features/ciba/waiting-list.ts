import type { ServerParts } from '../../options/server-parts.js'
import { digest } from '../../storage/digest.js'

/** Requests that may wait for one person at a time: a limit to pestering, until the person says yes to be left alone. */
const PLACES = Array.from({ length: 10 }, (_, index) => index)

/** Who waits for whom, until when (milliseconds since the epoch). */
interface Waiting {
  readonly userId: string
  readonly key: string
  readonly expiresAt: number
}

/**
 * Puts a request into the first free place of a person's list. A store has no lists, but adds what is not there in one step: two
 * processes never get the same place, and a place is free again when its request is over.
 *
 * @returns the place; undefined where none is free
 */
export async function joinWaitingList(
  { userId, key, expiresAt }: Waiting,
  { stores }: Pick<ServerParts, 'stores'>,
): Promise<string | undefined> {
  const person = await digest(userId)
  for (const index of PLACES) {
    const place = placeOf(person, index)
    if (await stores.state.add(place, key, expiresAt)) return place
  }
  return undefined
}

/** @returns the keys of the requests that wait for a person, of which some may have been decided meanwhile */
export async function readWaitingList(userId: string, { stores }: Pick<ServerParts, 'stores'>): Promise<readonly string[]> {
  const person = await digest(userId)
  const keys = await Promise.all(PLACES.map((index) => stores.state.get<string>(placeOf(person, index))))
  return keys.filter((key) => key !== undefined)
}

export async function leaveWaitingList(
  { place, key }: { readonly place: string; readonly key: string },
  { stores }: Pick<ServerParts, 'stores'>,
): Promise<void> {
  if ((await stores.state.get<string>(place)) === key) await stores.state.delete(place)
}

function placeOf(person: string, index: number): string {
  return `ciba-waiting:${person}:${index}`
}
