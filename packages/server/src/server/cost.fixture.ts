import type { AuthorizationServer } from './authorization-server.js'

/** Bytes of a small request. */
const SMALL = 4000
const FACTOR = 15
/** A cost that grows with the size makes one large request as expensive as 15 small ones, one that grows with the square 15 times so. */
export const LIMIT = 3
const MAX_RUNS = 8

type Server = Pick<AuthorizationServer, 'fetch'>

/** Processor time in microseconds. The machine may be busy with others, so wall-clock time says nothing. */
async function costOf(server: Server, requests: readonly Request[]): Promise<number> {
  const start = process.cpuUsage()
  for (const request of requests) await server.fetch(request)
  const { user, system } = process.cpuUsage(start)
  return user + system
}

/**
 * Compares a large request with as many small ones as have its size together. A pause of the garbage collector may be in one of them, so
 * the least of several runs counts.
 *
 * @param small bytes of the small one
 */
export async function growthOf(
  server: Server,
  create: (bytes: number) => Request | Promise<Request>,
  small: number = SMALL,
): Promise<number> {
  const costs = { small: Infinity, large: Infinity }
  const growth = (): number => costs.large / costs.small
  for (let run = 0; run < MAX_RUNS && (run === 0 || growth() > LIMIT); run += 1) {
    const requests = await Promise.all(Array.from({ length: FACTOR }, async () => create(small)))
    costs.small = Math.min(costs.small, await costOf(server, requests))
    costs.large = Math.min(costs.large, await costOf(server, [await create(small * FACTOR)]))
  }
  return growth()
}
