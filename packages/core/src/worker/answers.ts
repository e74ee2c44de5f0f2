import { asClientError } from '../errors/client-error.js'
import type { ClientParts } from '../client/client-parts.js'
import { loadFlows } from '../client/lazy.js'
import type { OAuthClient } from '../client/client.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import { partsOf } from '../client/parts-of-client.js'
import type { Answers, CallContext } from './connection.js'
import type { LoginInput, SignOutDirections } from './messages.js'
import { isOwnCallback } from '../sign-in/start.js'
import { redactResult, redactTokenSet } from './redaction.js'
import { remoteTransport } from './remote-transport.js'
import { toTransferableResponse, transferablesOf } from './transferable-fetch.js'

/** How the worker answers the page: with the client's own calls, tokens taken out. */
export function createAnswers(
  client: OAuthClient<unknown>,
  { revealIdTokenHint }: { readonly revealIdTokenHint: boolean },
): Answers {
  const parts = partsOf(client)
  return {
    async start() {
      await client.start()
      void loadFlows().then(({ sweepTransactions }) => sweepTransactions(parts), ignore)
      return { value: undefined }
    },
    async login([input], context) {
      const result = await (input.isSilent ? loginSilently(parts, input, context) : login(client, input, context))
      return { value: redactResult(result) }
    },
    handleResponse: async ([url, isPage]) => ({ value: redactResult(await handleResponse(parts, new URL(url), isPage)) }),
    refresh: async ([options], { signal }) => ({ value: redactTokenSet(await client.refresh({ ...options, signal })) }),
    async renew() {
      // Without a refresh token there is nothing to renew with, and an attempt would end the session.
      if (client.getTokenSet()?.refreshToken !== undefined) await client.getAccessToken()
      return { value: undefined }
    },
    async fetch([{ url, init, headers, body }], { signal }) {
      const sent = { ...init, headers: headers.map(([name, value]): [string, string] => [name, value]), signal }
      const withBody = body === undefined ? sent : { ...sent, body, duplex: 'half' as const }
      const { value, rest } = await toTransferableResponse(await client.fetch(url, withBody), signal)
      return { value, rest, transfer: transferablesOf(value) }
    },
    userInfo: async (_args, { signal }) => ({ value: await client.userInfo({ signal }) }),
    logout: async ([options]) => ({ value: await logout(client, parts, options, revealIdTokenHint) }),
    async revoke([token, options]) {
      await client.revoke(token, options)
      return { value: undefined }
    },
    introspect: async ([token]) => ({ value: await client.introspect(token) }),
    async close() {
      await client.close()
      return { value: undefined }
    },
  }
}

function login(
  client: OAuthClient<unknown>,
  { options, transport }: LoginInput,
  { signal, travel }: CallContext,
): Promise<LoginResult | undefined> {
  return client.login({ ...options, transport: remoteTransport(transport, travel), signal })
}

/** As at the start of a page with the option `silent`: that nobody is signed in is no failure. */
async function loginSilently(
  parts: ClientParts,
  { options, transport }: LoginInput,
  { signal, travel }: CallContext,
): Promise<LoginResult | undefined> {
  const remote = remoteTransport(transport, travel)
  const flows = await loadFlows()
  try {
    const { returnTo, ...rest } = options
    return await flows.travel(parts, { transport: remote, trip: remote.prepare() }, { options: { ...rest, signal }, returnTo })
  } catch (cause) {
    parts.session.dispatch({ type: 'login_abandoned' })
    throw cause
  }
}

async function handleResponse(parts: ClientParts, url: URL, isPage: boolean): Promise<LoginResult | undefined> {
  const { completeResponse, handleForeignResponse, handlePageResponse } = await loadFlows()
  try {
    if (isPage) return await handlePageResponse(parts, url)
    return await (isOwnCallback(parts.config, url) ? completeResponse : handleForeignResponse)(parts, url)
  } catch (cause) {
    const error = asClientError(cause)
    parts.session.fail(error)
    throw error
  }
}

/** Here and at the revocation endpoint at once; where the page has to go for the rest is the answer. */
async function logout(
  client: OAuthClient<unknown>,
  parts: ClientParts,
  options: LogoutOptions,
  revealIdTokenHint: boolean,
): Promise<SignOutDirections> {
  if (client.getSnapshot().status === 'restoring') await client.start()
  const tokenSet = client.getTokenSet()
  await client.logout({ ...options, local: true })
  if (options.local || !tokenSet) return { url: undefined }
  try {
    const { createSignOutUrl } = await loadFlows()
    const url = await createSignOutUrl(parts, revealIdTokenHint ? tokenSet.idToken : undefined, options)
    return { url: url?.href }
  } catch (cause) {
    parts.session.fail(asClientError(cause))
    return { url: undefined }
  }
}

function ignore(): void {
  // Old transactions are swept another time.
}
