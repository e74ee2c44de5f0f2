import { AFTERLIFE, decisionsOn, type Decisions, type PendingRequest } from '../polling/decisions.js'
import type { ServerParts } from '../../options/server-parts.js'
import { digest } from '../../storage/digest.js'

/** What became of what devices asked for. */
export const deviceDecisions: Decisions = decisionsOn('device')

/** Letters that are hard to take for one another or to spell words with: 20^8 codes. @see RFC 8628, section 6.1 */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

/** @returns a user code such as `WDJB-MJHT` */
export function createUserCode(): string {
  const letters: string[] = []
  while (letters.length < 8) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      // 240 is the largest multiple of 20 in a byte: what is above would make some letters likelier.
      if (byte < 240 && letters.length < 8) letters.push(LETTERS[byte % 20] ?? 'B')
    }
  }
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/** Case, dashes and spaces do not matter to who types. @see RFC 8628, section 6.1 */
export function normalizeUserCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z]/g, '')
}

/** @returns the code as the device shows it, however it was typed */
export function showUserCode(typed: string): string {
  const letters = normalizeUserCode(typed)
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

export async function saveDeviceRequest(request: PendingRequest, userCode: string, { stores }: ServerParts): Promise<void> {
  await stores.state.set(`device:${request.key}`, request, request.expiresAt + AFTERLIFE)
  await stores.state.set(`device-user:${await digest(normalizeUserCode(userCode))}`, request.key, request.expiresAt)
}

/** @returns what a device code stands for, a minute beyond its expiry, so that "expired" can be told from "unknown" */
export function findByDeviceCode(key: string, { stores }: ServerParts): Promise<PendingRequest | undefined> {
  return stores.state.get<PendingRequest>(`device:${key}`)
}

/** @returns the request that a person's code names, unless it expired or was decided */
export async function findByUserCode(userCode: string, server: ServerParts): Promise<PendingRequest | undefined> {
  const { state } = server.stores
  const key = await state.get<string>(`device-user:${await digest(normalizeUserCode(userCode))}`)
  const request = key === undefined ? undefined : await findByDeviceCode(key, server)
  if (!request || request.expiresAt <= server.now()) return undefined
  return (await deviceDecisions.read(request, server)) ? undefined : request
}
