import { type Channel, type Environment, openQuietly } from '../platform/environment.js'

export interface WebLock {
  readonly locks: LockManager
  readonly openChannel: Environment['openChannel']
  readonly name: string
  /** Milliseconds without a sign of life of the holder, after which it counts as frozen. */
  readonly patienceMs: number
}

const BEAT_MS = 1000

/**
 * Runs `work` under a Web Lock. The browser releases the lock of a tab that closes or crashes; of one that is frozen it does not.
 * So a holder gives signs of life to the tabs that wait, however long its work takes, and one that has given none for a while is
 * overtaken: by one tab, the others go on waiting, for that one. Work that was overtaken still ends; its late result loses against
 * the revision of the stored record.
 *
 * @see Web Locks API, section 4.2 (`steal`)
 */
export async function withWebLock<T>(lock: WebLock, work: () => Promise<T>, wasOvertaking = false): Promise<T> {
  const { locks, name, patienceMs } = lock
  // Without a channel a holder has `patienceMs` for its work.
  const channel = openQuietly(lock, name)
  const impatience = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<T> | undefined
  const wait = (): void => {
    clearTimeout(timer)
    if (!running) timer = setTimeout(() => impatience.abort(), patienceMs)
  }
  const granted = (): Promise<T> => {
    clearTimeout(timer)
    running = withSignsOfLife(channel, work)
    return running
  }
  channel?.addEventListener('message', wait)
  wait()
  try {
    return await locks.request(name, { signal: impatience.signal }, granted)
  } catch (cause) {
    // Overtaken, or failed: either way the work has its own outcome.
    if (running) return await running
    if (!impatience.signal.aborted) throw cause
    const outcome = await overtake(lock, wasOvertaking, granted)
    return outcome ? outcome.value : await withWebLock(lock, work, true)
  } finally {
    clearTimeout(timer)
    channel?.close()
  }
}

/** @returns undefined when another tab is overtaking at this moment, unless that one has had its time too (`isInsistent`) */
async function overtake<T>(
  { locks, name }: WebLock,
  isInsistent: boolean,
  granted: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const options = isInsistent ? { steal: true } : { ifAvailable: true }
  return await locks.request(`${name}/overtake`, options, async (turn) =>
    turn ? { value: await locks.request(name, { steal: true }, granted) } : undefined,
  )
}

async function withSignsOfLife<T>(channel: Channel | undefined, work: () => Promise<T>): Promise<T> {
  const beat = (): void => channel?.postMessage('alive')
  beat()
  const timer = setInterval(beat, BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
