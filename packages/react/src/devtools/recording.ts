import type { JSONWebKeySet } from 'jose'
import type { Fingerprint } from './id-token-checks.js'
import type { Endpoints } from './message-catalog.js'
import type { ProtocolMessage } from './protocol-message.js'

/** What the ID token of an authorization request is checked against. */
export interface RequestFacts {
  /** Masked. */
  readonly state?: string | undefined
  readonly nonce?: Fingerprint | undefined
  readonly maxAge?: number | undefined
  readonly acrValues?: string | undefined
}

/** What is kept in this tab across redirects. It contains no credential. */
export interface Recording {
  readonly messages: readonly ProtocolMessage[]
  readonly endpoints: Endpoints
  readonly requests: readonly RequestFacts[]
  readonly keys?: JSONWebKeySet | undefined
  /** Ids of the simulations that are on. */
  readonly simulations: readonly string[]
}

/** @returns what an earlier page of this tab has saved */
export function readRecording(key: string): Recording {
  return { messages: [], endpoints: {}, requests: [], simulations: [], ...stored(key) }
}

/** Storage may be blocked or full: then the recording ends with the page. */
export function writeRecording(key: string, recording: Recording): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(recording))
  } catch {
    // See above.
  }
}

function stored(key: string): Partial<Recording> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Recording>
  } catch {
    return {}
  }
}

const PUBLIC_MEMBERS = ['kty', 'kid', 'alg', 'use', 'key_ops', 'n', 'e', 'crv', 'x', 'y'] as const

/** @returns the public parts of a key set; undefined for another value */
export function publicKeys(json: unknown): JSONWebKeySet | undefined {
  const { keys } = Object(json) as { readonly keys?: unknown }
  if (!Array.isArray(keys)) return undefined
  const known = keys.map((key: unknown) => {
    const members = Object(key) as Readonly<Record<string, unknown>>
    return Object.fromEntries(PUBLIC_MEMBERS.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])))
  })
  return { keys: known }
}
