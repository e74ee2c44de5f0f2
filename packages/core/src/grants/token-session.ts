/// <reference lib="esnext.disposable" preserve="true" />
import type { OptionNames } from '../errors/unknown-options.js'
import { createAuthedFetch } from '../fetch/authed-fetch.js'
import { type Resource, type AuthedRequestInit } from '../fetch/fetch-options.js'
import { unlessAborted } from '../platform/abort.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { answerChallenge } from '../fetch/answer-challenge.js'
import { protocolLoaders } from './lazy.js'
import * as tokenPlacement from '../fetch/token-placement.js'
import { explainFailure } from '../fetch/explain-failure.js'
import { sendSpecial } from '../fetch/send-special.js'
import { decodedPath } from '../fetch/decoded-path.js'
import { createResourceList } from '../fetch/resource-list.js'
import { RequestPause } from '../refresh/request-pause.js'
import { isFresh, type TokenSet, type TokenSetReason } from '../protocol/token-set.js'

/** Options of a client that holds a token of its own. */
export interface TokenSessionOptions {
  /** URLs that `fetch` may send the token to. */
  readonly resources?: ReadonlyArray<string | Resource> | undefined
  /** Seconds before its expiry at which a token is replaced. Default 60. */
  readonly leeway?: number | undefined
  /** Called and awaited with every new token set, before it is used. `former` is the one that it replaces, if there is one. */
  readonly onTokenSet?: ((tokenSet: TokenSet, reason: TokenSetReason, former?: TokenSet) => void | Promise<void>) | undefined
}

/** The names of the options of every token session. */
export const TOKEN_SESSION_OPTIONS: OptionNames<TokenSessionOptions> = {
  resources: 'list',
  leeway: 'number',
  onTokenSet: 'function',
}

/** A client without a user. Its token is requested when first needed, and again when it has expired. */
export interface TokenSession {
  /** Returns a fresh access token, requesting one if necessary. */
  getAccessToken(options?: { readonly forceRefresh?: boolean | undefined }): Promise<string>
  /** Returns the current token set, without a request. */
  getTokenSet(): TokenSet | undefined
  /** Sends a request with the token, to `resources` only. */
  fetch(input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response>
  /** Aborts pending requests. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** @param request fetches a new token set; concurrent calls share one request */
export function createTokenSession(
  context: ProtocolContext,
  request: (signal: AbortSignal) => Promise<TokenSet>,
  options: TokenSessionOptions,
): TokenSession {
  const closed = new AbortController()
  const now = (): number => context.environment.now() / 1000 + context.clockOffsetSeconds()
  let tokenSet: TokenSet | undefined
  let pending: Promise<TokenSet> | undefined
  const pause = new RequestPause(context.environment.now)
  const renew = async (): Promise<TokenSet> => {
    const fresh = await pause.run(() => request(closed.signal))
    await options.onTokenSet?.(fresh, 'client_credentials', tokenSet)
    tokenSet = fresh
    return fresh
  }
  // The signer, the key or `onTokenSet` of the app may fail.
  const explained = async (cause: unknown): Promise<never> => {
    throw await context.explain(cause)
  }
  const current = async (forceRefresh = false): Promise<TokenSet> => {
    if (tokenSet && !forceRefresh && isFresh(tokenSet, options.leeway ?? 60, now())) return tokenSet
    pending ??= renew()
      .catch(explained)
      .finally(() => (pending = undefined))
    // The signer or `onTokenSet` may never settle.
    return unlessAborted(pending, closed.signal)
  }
  const close = async (): Promise<void> => closed.abort()
  return {
    getAccessToken: async (tokenOptions) => (await current(tokenOptions?.forceRefresh)).accessToken,
    getTokenSet: () => tokenSet,
    fetch: createAuthedFetch({
      resources: createResourceList(options.resources ?? [], undefined, context.options.allowPlainHttp),
      context,
      accessToken: ({ forceRefresh }) => current(forceRefresh),
      sessionSignal: () => closed.signal,
      load: async () => ({
        answerChallenge: (parts, refusal) => answerChallenge(parts, refusal, protocolLoaders.oauth4webapi),
        decodedPath,
        explainFailure,
        sendSpecial: (to, special) => sendSpecial(to, special, async () => tokenPlacement),
      }),
    }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
