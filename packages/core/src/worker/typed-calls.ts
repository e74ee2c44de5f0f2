import type { TokenCalls } from '../client/create-client.js'
import { explain } from '../client/page-loaders.js'
import type { Session } from '../session/session.js'
import { untilClosed } from '../platform/abort.js'

type Call = (...given: readonly unknown[]) => Promise<unknown>

/**
 * Makes every call reject with an `OAuthClientError`, and not throw, for an argument of another type: in production no argument is
 * checked. `fetch` rejects as `fetch` itself does.
 */
export function typedCalls({ fetch, ...calls }: TokenCalls, session: Pick<Session, 'fail' | 'signal'>): TokenCalls {
  const typed = Object.entries(calls as Readonly<Record<string, Call>>).map(([name, call]) => [name, typedCall(call, session)])
  return { ...(Object.fromEntries(typed) as Omit<TokenCalls, 'fetch'>), fetch }
}

function typedCall(call: Call, session: Pick<Session, 'fail' | 'signal'>): Call {
  return async (...given) => {
    try {
      return await untilClosed(session, call(...given))
    } catch (cause) {
      const error = await explain(cause)
      // All others were reported where they were thrown.
      if (error !== cause) session.fail(error)
      throw error
    }
  }
}
