import type { OAuthClient } from '../client/client.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { createError } from '../errors/create-error.js'
import type { SessionUser } from '../session/session.js'
import { redact, redactTokenSet } from './redaction.js'
import type { Handlers } from './rpc-port.js'
import { serializeResponse } from './serialized-fetch.js'
import type { WorkerApi } from './worker-api.js'

/** Implements the page's calls with the client's own functions. Tokens are removed from every result. */
export function createServedApi(client: OAuthClient<unknown>, revealIdTokenHint: boolean): Handlers<WorkerApi> {
  const internals = internalsOf(client)
  const { session, serverCalls, sessionCalls, context } = internals
  const sweep = async (): Promise<void> => (await internals.loadRareCalls()).sweepTransactions(internals)
  const ofUser = createOfUser(internalsOf(client))
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
    refresh: ({ user, options }, signal) =>
      ofUser(user, async () => redactTokenSet(await client.refresh({ ...options, signal }))),
    fetch: ({ user, url, init, body }, signal) =>
      ofUser(user, async () => serializeResponse(await client.fetch(url, { ...init, body, signal }))),
    userInfo: ({ user }, signal) => ofUser(user, () => client.userInfo({ signal })),
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
    // A token that the caller gives is that of no session.
    revoke: ({ user, token, options }) => ofUser(token === undefined ? user : undefined, () => client.revoke(token, options)),
    introspect: ({ user, token }) => ofUser(token === undefined ? user : undefined, () => client.introspect(token)),
    close: () => client.close(),
  }
}

type OfUser = <T>(user: SessionUser | undefined, call: () => Promise<T>) => Promise<T>

/** @returns runs a call, without a wait before, unless another user has signed in since the page made it */
function createOfUser({ session, context }: ClientInternals): OfUser {
  return async (user, call) => {
    const { tokenSet } = session.state
    if (user && (!tokenSet || session.isOtherUser(user, tokenSet))) throw await context.explain(createError('missing_token'))
    return call()
  }
}
