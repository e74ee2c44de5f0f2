/** Web Locks of one process: exclusive, without `steal`. */
export function fakeLocks(): LockManager {
  const last = new Map<string, Promise<unknown>>()
  const request = (name: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const work = rest.at(-1) as (lock: unknown) => unknown
    const turn = (last.get(name) ?? Promise.resolve()).then(() => work({ name }))
    last.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  }
  return { request, query: async () => ({ held: [], pending: [] }) } as unknown as LockManager
}
