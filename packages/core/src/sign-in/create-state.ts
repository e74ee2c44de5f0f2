import type { StateKind } from './response-url.js'

// Apart from `response-url.ts`, which the initial bundle needs.

/** Creates a `state` with 256 random bits. @param kind `ow`: a sign-out in a popup or iframe @see RFC 6749, section 10.12 */
export function createState(clientKey: string, kind: StateKind | 'ow'): string {
  const random = [...crypto.getRandomValues(new Uint32Array(8))].map((word) => word.toString(36).padStart(7, '0')).join('')
  return `lk.${clientKey}.${kind}.${random}`
}
