import type { Logger } from './logger.js'

/** The part of `BroadcastChannel` that is used. */
export interface Channel {
  postMessage(message: unknown): void
  close(): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/**
 * Everything that the client needs of its runtime, in one place: a test or another host replaces any member.
 * Members that a runtime lacks (Node has no `locks`, a worker no `window`) are undefined, and the client does without.
 */
export interface Environment {
  /** Sends every request. */
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch, like `Date.now`. */
  readonly now: () => number
  /** Web Locks, which let one tab refresh for all. */
  readonly locks: LockManager | undefined
  /** Opens a `BroadcastChannel`, which connects the tabs. */
  readonly openChannel: ((name: string) => Channel) | undefined
  /** The page; undefined in workers and in Node. */
  readonly window: (Window & typeof globalThis) | undefined
  /** `window.open`; undefined in workers and in Node. */
  readonly openWindow: ((url: string, target: string, features: string) => Window | null) | undefined
}

/** The options that replace parts of the environment. */
export interface EnvironmentOptions {
  /** Must respect the `signal` of each request, or calls may stay pending after `close()`. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Receives warnings and debug messages. Default: warnings go to the console. */
  readonly logger?: Logger | undefined
  /** Other seams: locks, channels, windows. */
  readonly environment?: Partial<Environment> | undefined
}

/** @returns undefined where there are no channels, or site data is blocked: the constructor throws then */
export function openQuietly({ openChannel }: Pick<Environment, 'openChannel'>, name: string): Channel | undefined {
  try {
    return openChannel?.(name)
  } catch {
    return undefined
  }
}

/**
 * Returns the environment of the running page, worker or process, looked up now, with what the options replace. A member of
 * `environment` wins over `fetch` and `now`.
 */
export function environmentOf({ fetch, now, environment }: EnvironmentOptions): Environment {
  const page = typeof window === 'undefined' || typeof document === 'undefined' ? undefined : window
  return {
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: now ?? (() => Date.now()),
    locks: typeof navigator === 'undefined' ? undefined : navigator.locks,
    openChannel: typeof BroadcastChannel === 'undefined' ? undefined : (name) => new BroadcastChannel(name),
    window: page,
    openWindow: page && ((url, target, features) => page.open(url, target, features)),
    ...environment,
  }
}

/**
 * Reads the environment of the running page, worker or process at the time of the call.
 *
 * @returns the environment of the running page, worker or process; looked up now, not on import
 */
export function currentEnvironment(overrides: Partial<Environment> = {}): Environment {
  return environmentOf({ environment: overrides })
}
