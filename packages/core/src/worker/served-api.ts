import type { OAuthClient } from '../client/client.js'
import { internalsOf } from '../client/internals.js'
import { redact, redactTokenSet } from './redaction.js'
import type { Handlers } from './rpc-port.js'
import { serializeResponse } from './serialized-fetch.js'
import type { WorkerApi } from './worker-api.js'

/** Implements the page's calls with the client's own functions. Tokens are removed from every result. */
export function createServedApi(client: OAuthClient<unknown>, revealIdTokenHint: boolean): Handlers<WorkerApi> {
  const { session, serverCalls, sessionCalls, context } = internalsOf(client)
  const sweep = async (): Promise<void> => (await serverCalls()).transactions.sweep()
  return {
    async start() {
      const isRestored = session.state.status !== 'restoring'
      await client.start()
      if (isRestored) await session.adopt()
      // If it fails, the next start sweeps again.
      else void sweep().catch(() => undefined)
    },
    createRequest: async (input, signal) => (await serverCalls()).flow.createRequest(input, signal),
    async redeemResponse({ url, startedAt }) {
      try {
        const { flow } = await serverCalls()
        const result = await flow.redeemResponse(url, startedAt)
        return result && redact(result)
      } catch (cause) {
        // The page shows the error.
        session.dispatch({ type: 'login_abandoned' })
        throw await context.explain(cause)
      }
    },
    async refreshInAdvance() {
      // Without a refresh token, an attempt would end the session.
      if (session.state.tokenSet?.refreshToken) await (await sessionCalls()).refreshInAdvance()
    },
    refresh: async (options, signal) => redactTokenSet(await client.refresh({ ...options, signal })),
    fetch: async ({ url, init, body }, signal) => serializeResponse(await client.fetch(url, { ...init, body, signal })),
    userInfo: (_input, signal) => client.userInfo({ signal }),
    async logout(options) {
      if (session.state.status === 'restoring') await client.start()
      const { tokenSet } = session.state
      await client.logout({ ...options, local: true })
      if (options.local) return undefined
      try {
        const calls = await sessionCalls()
        return (await calls.createSignOutUrl(revealIdTokenHint ? tokenSet?.idToken : undefined, options))?.href
      } catch (cause) {
        session.fail(await context.explain(cause))
        return undefined
      }
    },
    revoke: ({ token, options }) => client.revoke(token, options),
    introspect: (token) => client.introspect(token),
    close: () => client.close(),
  }
}
