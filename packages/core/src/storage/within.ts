import { startTimer } from '../platform/timer.js'

/** Whether a storage did not respond in time. */
export function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError'
}

/** @throws DOMException TimeoutError if the work takes longer */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(() => reject(new DOMException('storage did not respond in time', 'TimeoutError')), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
