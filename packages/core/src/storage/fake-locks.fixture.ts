/** Web Locks of one process: exclusive, with `ifAvailable` and `query`, without `steal`. */
export function fakeLocks(): LockManager {
  const last = new Map<string, Promise<unknown>>()
  const request = (name: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const work = rest.at(-1) as (lock: unknown) => unknown
    const { ifAvailable = false } = (rest.length > 1 ? rest[0] : {}) as LockOptions
    const former = last.get(name)
    if (former && ifAvailable) return Promise.resolve(work(null))
    const turn = (former ?? Promise.resolve()).then(() => work({ name }))
    const released = turn.catch(() => undefined)
    last.set(name, released)
    void released.then(() => last.get(name) === released && last.delete(name))
    return turn
  }
  const query = async (): Promise<LockManagerSnapshot> => ({ held: [...last.keys()].map((name) => ({ name })), pending: [] })
  return { request, query } as LockManager
}
