import type { ServerParts } from '../server-parts.js'
import { defined } from '../defined.js'
import { digest } from '../storage/digest.js'

/** What a device asked for, under the digest of its device code. */
export interface DeviceRequest {
  readonly key: string
  readonly clientId: string
  readonly scope: readonly string[]
  readonly requestedScope?: string
  readonly resources?: readonly string[]
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What the person said. */
export type DeviceDecision =
  | { readonly allowed: false }
  | {
      readonly allowed: true
      readonly userId: string
      readonly data: Readonly<Record<string, unknown>>
      readonly authTime: number
      readonly acr?: string
      readonly amr?: readonly string[]
    }

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

export async function saveDeviceRequest(request: DeviceRequest, userCode: string, { stores }: ServerParts): Promise<void> {
  await stores.state.set(`device:${request.key}`, request, request.expiresAt + 60_000)
  await stores.state.set(`device-user:${await digest(normalizeUserCode(userCode))}`, request.key, request.expiresAt)
}

/** @returns what a device code stands for, a minute beyond its expiry, so that "expired" can be told from "unknown" */
export function findByDeviceCode(key: string, { stores }: ServerParts): Promise<DeviceRequest | undefined> {
  return stores.state.get<DeviceRequest>(`device:${key}`)
}

/** @returns the request that a person's code names, unless it expired or was decided */
export async function findByUserCode(userCode: string, server: ServerParts): Promise<DeviceRequest | undefined> {
  const { state } = server.stores
  const key = await state.get<string>(`device-user:${await digest(normalizeUserCode(userCode))}`)
  const request = key === undefined ? undefined : await findByDeviceCode(key, server)
  if (!request || request.expiresAt <= server.now()) return undefined
  return (await readDecision(request, server)) ? undefined : request
}

/** @returns whether this decision is the first one */
export function decide(request: DeviceRequest, decision: DeviceDecision, { stores }: ServerParts): Promise<boolean> {
  return stores.state.add(`device-decision:${request.key}`, defined(decision), request.expiresAt + 60_000)
}

export function readDecision({ key }: DeviceRequest, { stores }: ServerParts): Promise<DeviceDecision | undefined> {
  return stores.state.get<DeviceDecision>(`device-decision:${key}`)
}

/** @returns whether this is the only one of all polls that gets the tokens */
export function takeDecision({ key, expiresAt }: DeviceRequest, { stores }: ServerParts): Promise<boolean> {
  return stores.state.add(`device-taken:${key}`, 1, expiresAt + 60_000)
}

/** @returns whether the device waited as long as it was told to */
export async function notePoll({ key, expiresAt }: DeviceRequest, interval: number, server: ServerParts): Promise<boolean> {
  const { state } = server.stores
  const last = await state.get<number>(`device-polled:${key}`)
  await state.set(`device-polled:${key}`, server.now(), expiresAt + 60_000)
  return last === undefined || server.now() - last >= interval * 1000
}
