const PREFIX = 'latchkey/devtools/tab/'
const REFRESH_LOCK = /^latchkey\/[^/]+\/refresh$/

/** A tab of this origin with devtools. */
export interface PresentTab {
  readonly isThis: boolean
  /** Milliseconds since the epoch. */
  readonly openedAt: number
  readonly path: string
}

/** The tabs, and who holds the lock under which a session is refreshed. */
export interface TabsState {
  readonly tabs: readonly PresentTab[]
  /** Undefined: the lock is free. */
  readonly holder: 'this tab' | 'another tab' | undefined
  /** How many tabs wait for the lock. */
  readonly waiting: number
}

/** The name of the lock that a page holds while it is open: the browser releases it, however the page ends. */
export function tabLockName(openedAt: number, path: string): string {
  return `${PREFIX}${openedAt}/${crypto.randomUUID()}${path}`
}

/** Holds the lock until it is called. */
export function holdTabLock(locks: LockManager, name: string): () => void {
  let release: (() => void) | undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  // Site data may be blocked: then the tab is not listed.
  locks.request(name, { mode: 'shared' }, () => held).catch(() => undefined)
  return () => release?.()
}

/** @param clientKey part of the name of the refresh lock; without it, that of any client of this origin is meant */
export async function readTabs(locks: LockManager, ownName: string, clientKey: string | undefined): Promise<TabsState> {
  const { held = [], pending = [] } = await locks.query()
  const present = new Map(held.filter(({ name }) => name?.startsWith(PREFIX)).map(({ name = '', clientId }) => [name, clientId]))
  const isRefresh = ({ name = '' }: LockInfo): boolean =>
    clientKey === undefined ? REFRESH_LOCK.test(name) : name === `latchkey/${clientKey}/refresh`
  const lock = held.find(isRefresh)
  const isOwn = lock?.clientId !== undefined && lock.clientId === present.get(ownName)
  return {
    tabs: [...present.keys()].map((name) => tabOf(name, ownName)).toSorted((one, other) => one.openedAt - other.openedAt),
    holder: lock && (isOwn ? 'this tab' : 'another tab'),
    waiting: pending.filter(isRefresh).length,
  }
}

function tabOf(name: string, ownName: string): PresentTab {
  const [openedAt = '', , ...path] = name.slice(PREFIX.length).split('/')
  return { isThis: name === ownName, openedAt: Number(openedAt), path: `/${path.join('/')}` }
}
