import { startTimer } from '../platform/timer.js'
import { TIMED_OUT } from './resilient-storage.js'

/** @throws Error `TIMED_OUT` if the work takes longer */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(() => reject(TIMED_OUT), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
