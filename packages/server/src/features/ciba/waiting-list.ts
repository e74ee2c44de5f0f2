import type { ServerContext } from '../../options/server-context.js'
import { digest } from '../../storage/digest.js'

type StateServer = Pick<ServerContext, 'stores'>

/** Requests that may wait for one user at a time: a limit against approval by fatigue. */
const PLACES = indexes(0, 10)
/** Further places, for the first two requests of each client: one client must not keep the others from the user. */
const EXTRA_PLACES = indexes(10, 30)
const MAX_EXTRA = 2
/** Denials of a client's requests that free their places at once. After that, the client waits until they expire. */
const DENIALS = indexes(0, 3)

/** A request that waits for a user, and when it expires (milliseconds since the epoch). */
interface Waiting {
  readonly userId: string
  readonly clientId: string
  readonly key: string
  readonly expiresAt: number
}

/** Where a request waits. */
export interface WaitingPlace {
  /** Its place in the user's waiting list. */
  readonly place: string
  /** Its place among those of its client; absent in requests of an earlier release. */
  readonly ownPlace?: string | undefined
}

/**
 * Puts a request into the first free place of a user's list. A store has no lists, but an atomic `add`: two processes never get the
 * same place, and a place is free again when its request expires.
 *
 * @returns the place; undefined if none is free
 */
export async function joinWaitingList(waiting: Waiting, server: StateServer): Promise<WaitingPlace | undefined> {
  const own = placesOf(await clientOf(waiting), PLACES)
  const ownPlace = await takeFirst(own, waiting, server)
  if (ownPlace === undefined) return undefined
  const isAmongFirst = own.indexOf(ownPlace) < MAX_EXTRA
  const places = placesOf(await digest(waiting.userId), isAmongFirst ? [...PLACES, ...EXTRA_PLACES] : PLACES)
  const place = await takeFirst(places, waiting, server)
  if (place !== undefined) return { place, ownPlace }
  await server.stores.state.delete(ownPlace)
  return undefined
}

async function takeFirst(
  places: readonly string[],
  { key, expiresAt }: Waiting,
  { stores }: StateServer,
): Promise<string | undefined> {
  for (const place of places) if (await stores.state.add(place, key, expiresAt)) return place
  return undefined
}

/** Returns the keys of the requests in a user's list; some may have been decided in the meantime. */
export async function readWaitingList(userId: string, { stores }: StateServer): Promise<readonly string[]> {
  const places = placesOf(await digest(userId), [...PLACES, ...EXTRA_PLACES])
  const keys = await Promise.all(places.map((place) => stores.state.get<string>(place)))
  return keys.filter((key) => key !== undefined)
}

/** Frees the places of a request. */
export async function leaveWaitingList(
  { place, ownPlace, key }: WaitingPlace & Pick<Waiting, 'key'>,
  { stores: { state } }: StateServer,
): Promise<void> {
  for (const one of [place, ownPlace]) if (one !== undefined && (await state.get<string>(one)) === key) await state.delete(one)
}

/** Frees the places of a request that the user has denied, unless the user has denied several of this client: it could ask without end. */
export async function leaveAfterDenial(request: WaitingPlace & Waiting, server: StateServer): Promise<void> {
  const denials = placesOf(`${await clientOf(request)}:denied`, DENIALS)
  if ((await takeFirst(denials, request, server)) !== undefined) await leaveWaitingList(request, server)
}

function clientOf({ userId, clientId }: Waiting): Promise<string> {
  return digest(JSON.stringify([userId, clientId]))
}

function placesOf(owner: string, places: readonly number[]): readonly string[] {
  return places.map((index) => `ciba-waiting:${owner}:${index}`)
}

function indexes(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
