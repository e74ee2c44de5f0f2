import { describeError } from './describe-error.js'
import type { OAuthClientError } from './errors.js'

/** @returns what `work` throws, with its texts, as a client reports it */
export function explained(work: () => unknown): unknown {
  try {
    work()
  } catch (cause) {
    describeError(cause as OAuthClientError)
    return cause
  }
  return undefined
}
