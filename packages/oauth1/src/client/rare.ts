import { createOtherCalls } from './other-calls.js'
import { problems } from './problems.js'
import { finishWithUser, proxied, readUnusual, sendRarely, signRarely } from './rare-calls.js'

/** What {@link rare} has. */
export interface RareCalls {
  readonly createOtherCalls: typeof createOtherCalls
  readonly problems: typeof problems
  readonly finishWithUser: typeof finishWithUser
  readonly proxied: typeof proxied
  readonly readUnusual: typeof readUnusual
  readonly sendRarely: typeof sendRarely
  readonly signRarely: typeof signRarely
}

/** The second lazy chunk: other options than most apps have, the calls besides `login` and `fetch`, and the texts of errors. */
export const rare: RareCalls = { finishWithUser, createOtherCalls, problems, proxied, readUnusual, sendRarely, signRarely }
