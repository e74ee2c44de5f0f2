import type { Logger } from './logger.js'

/**
 * Calls a listener of the app, which must not disturb what called it: neither by an exception nor by a promise that rejects.
 *
 * @param name of the listener, for the warning
 */
export function notifyApp(call: () => unknown, logger: Pick<Logger, 'warn'>, name: string): void {
  const warn = (what: string, cause: unknown): void =>
    logger.warn(`${name} ${what}`, { error: cause instanceof Error ? cause.name : typeof cause })
  try {
    Promise.resolve(call()).catch((cause: unknown) => warn('rejected', cause))
  } catch (cause) {
    warn('threw', cause)
  }
}
