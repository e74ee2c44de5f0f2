import type { TestEndpoint } from '../testing/test-endpoint.js'
import { createFaultList, failure, throwOffline, type EndFault, type Fault } from '../testing/test-faults.js'

/** Something that goes wrong between the app and the server, until it is switched off. */
export interface Simulation {
  readonly id: string
  readonly label: string
  readonly explanation: string
  readonly fault: Fault
}

const SLOW_MS = 3000

/** In the order of the buttons. */
export const SIMULATIONS: readonly Simulation[] = [
  {
    id: 'offline',
    label: 'Offline',
    explanation: 'Requests of the client to the server and the APIs fail, as without a network.',
    fault: { at: 'any', respond: throwOffline },
  },
  {
    id: 'unavailable',
    label: '503',
    explanation: 'The server responds to every request with status 503. The APIs work.',
    fault: { respond: () => failure(503, {}) },
  },
  {
    id: 'slow',
    label: 'Slow',
    explanation: `Each response takes ${SLOW_MS / 1000} seconds longer.`,
    fault: { at: 'any', delayMs: SLOW_MS },
  },
  {
    id: 'signature',
    label: 'Wrong signature',
    explanation: 'The signature of the next ID tokens is altered. Sign in or refresh to see it refused.',
    fault: { at: 'token', forges: true },
  },
]

/** Which simulations are on. */
export class ActiveSimulations {
  readonly #faults = createFaultList()
  readonly #ends = new Map<string, EndFault>()

  /** @param ids those that were on before the page was reloaded */
  constructor(ids: readonly string[]) {
    for (const id of ids) this.toggle(id)
  }

  get ids(): readonly string[] {
    return [...this.#ends.keys()]
  }

  toggle(id: string): void {
    const end = this.#ends.get(id)
    const simulation = SIMULATIONS.find((one) => one.id === id)
    this.#ends.delete(id)
    if (end) end()
    else if (simulation) this.#ends.set(id, this.#faults.add(simulation.fault))
    // A client waits for this event before it tries again.
    if (end && id === 'offline' && typeof window !== 'undefined') window.dispatchEvent(new Event('online'))
  }

  take(endpoint: TestEndpoint): readonly Fault[] {
    return this.#faults.take(endpoint)
  }
}

/** @returns the token response with an ID token whose signature is not by its key */
export async function withWrongSignature(response: Response): Promise<Response> {
  const { status, headers } = response
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  const { id_token: idToken } = Object(body) as { readonly id_token?: unknown }
  if (typeof idToken !== 'string') return response
  const [head = '', claims = '', signature = ''] = idToken.split('.')
  const altered = `${head}.${claims}.${signature.split('').toReversed().join('')}`
  return Response.json({ ...(body as object), id_token: altered }, { status, headers: contentHeaders(headers) })
}

/** The length is another one. */
function contentHeaders(headers: Headers): Headers {
  const changed = new Headers(headers)
  changed.delete('content-length')
  return changed
}
