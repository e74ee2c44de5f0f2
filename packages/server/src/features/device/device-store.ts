import type { ServerContext } from '../../options/server-context.js'
import { digest } from '../../storage/digest.js'
import { decisionsOn, EXPIRED_RETENTION_MS, type Decisions, type PendingRequest } from '../polling/decisions.js'

type StateServer = Pick<ServerContext, 'stores'>

/** The users' decisions about devices. */
export const deviceDecisions: Decisions = decisionsOn('device')

/** Letters that are hard to confuse and do not spell words: 20^8 codes. @see RFC 8628, section 6.1 */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8

/** Creates a user code such as `WDJB-MJHT`. */
export function createUserCode(): string {
  const letters: string[] = []
  while (letters.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      // 240 is the largest multiple of 20 in a byte: larger bytes would make some letters more likely.
      if (byte < 240 && letters.length < LENGTH) letters.push(LETTERS[byte % 20] ?? 'B')
    }
  }
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/** Ignores case, dashes and spaces. @see RFC 8628, section 6.1 */
export function normalizeUserCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z]/g, '')
}

/** Tells whether a typed text can be a user code. */
export function isUserCode(typed: string): boolean {
  return normalizeUserCode(typed).length === LENGTH
}

/** Returns a typed code as the device shows it. */
export function formatUserCode(typed: string): string {
  const letters = normalizeUserCode(typed)
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

/** Stores a device's request under its device code and its user code. */
export async function saveDeviceRequest(request: PendingRequest, userCode: string, { stores }: StateServer): Promise<void> {
  await stores.state.set(`device:${request.key}`, request, request.expiresAt + EXPIRED_RETENTION_MS)
  await stores.state.set(await userCodeKey(userCode), request.key, request.expiresAt)
}

/** Returns the request of a device code until a minute after its expiry, so that "expired" can be distinguished from "unknown". */
export function findByDeviceCode(key: string, { stores }: StateServer): Promise<PendingRequest | undefined> {
  return stores.state.get<PendingRequest>(`device:${key}`)
}

/** Returns the request of a user code, unless it expired or was decided. */
export async function findByUserCode(
  userCode: string,
  server: StateServer & Pick<ServerContext, 'now'>,
): Promise<PendingRequest | undefined> {
  const key = await server.stores.state.get<string>(await userCodeKey(userCode))
  const request = key === undefined ? undefined : await findByDeviceCode(key, server)
  if (!request || request.expiresAt <= server.now()) return undefined
  return (await deviceDecisions.read(request, server)) ? undefined : request
}

async function userCodeKey(userCode: string): Promise<string> {
  return `device-user:${await digest(normalizeUserCode(userCode))}`
}
