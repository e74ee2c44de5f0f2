import type { TestEndpoint } from './test-endpoint.js'

/** Where and how often a fault of a test server happens. */
export interface FaultOptions {
  /** Default: every endpoint of the authorization server, but not the APIs. `any`: the APIs as well. */
  readonly at?: 'any' | TestEndpoint | readonly TestEndpoint[] | undefined
  /** How many requests it concerns. Default: all, until it is ended. */
  readonly times?: number | undefined
}

/** A response that replaces the server's. */
export interface FailureOptions extends FaultOptions {
  /** The `error` of the response, which is then that of OAuth (RFC 6749, section 5.2). Default: the response is a plain text. */
  readonly error?: string | undefined
  /** The `error_description` of the response. */
  readonly errorDescription?: string | undefined
  /** Seconds in the `Retry-After` header. Default: there is none. */
  readonly retryAfter?: number | undefined
}

/** Ends a fault. Without effect if it has ended. */
export type EndFault = () => void

/** Returns the response to a request instead of the test server, or undefined. */
export type RespondFunction = (request: Request) => Response | undefined | Promise<Response | undefined>

/** What a fault does to a request. */
export interface Fault extends FaultOptions {
  /** Milliseconds until the request is handled. */
  readonly delayMs?: number | undefined
  /** Returns the response instead of the server's, or throws as `fetch` does without a network. */
  readonly respond?: RespondFunction | undefined
  /** Tokens are signed by a key that the server has not published. */
  readonly forges?: boolean | undefined
  /** The user denies the authorization request. */
  readonly denies?: boolean | undefined
}

/** The faults of a test server. */
export interface FaultList {
  readonly add: (fault: Fault) => EndFault
  /** Ends all faults. */
  readonly clear: () => void
  /** Returns the faults of one request, which use up one of their `times`. */
  readonly take: (endpoint: TestEndpoint) => readonly Fault[]
}

/** Creates the faults of a test server: none. */
export function createFaultList(): FaultList {
  const faults = new Map<Fault, number>()
  return {
    add(fault) {
      faults.set(fault, fault.times ?? Infinity)
      return () => void faults.delete(fault)
    },
    clear: () => faults.clear(),
    take(endpoint) {
      const taken = [...faults.keys()].filter((fault) => concerns(fault, endpoint))
      for (const fault of taken) {
        const left = (faults.get(fault) ?? 0) - 1
        if (left > 0) faults.set(fault, left)
        else faults.delete(fault)
      }
      return taken
    },
  }
}

/** @returns the response that replaces the server's, if there is one, when the faults have delayed the request */
export async function applyFaults(faults: readonly Fault[], request: Request): Promise<Response | undefined> {
  for (const { delayMs } of faults) if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs))
  // The latest first, so that a test can replace what its set-up has said.
  for (const { respond } of faults.toReversed()) {
    const response = await respond?.(request.clone())
    if (response) return response
  }
  return undefined
}

function concerns({ at }: Fault, endpoint: TestEndpoint): boolean {
  if (at === 'any') return true
  return at === undefined ? endpoint !== 'api' : [at].flat().includes(endpoint)
}

/** Returns the response of a server that fails. */
export function failure(status: number, { error, errorDescription, retryAfter }: FailureOptions): Response {
  const headers = { 'cache-control': 'no-store', ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) }
  return error === undefined
    ? new Response(`A simulated failure with status ${status}.`, { status, headers })
    : Response.json({ error, error_description: errorDescription }, { status, headers })
}

/** Rejects as `fetch` does if there is no network. */
export function throwOffline(): never {
  throw new TypeError('Failed to fetch: the network is switched off by a simulation.')
}
