import { createAuthedFetch } from '../fetch/authed-fetch.js'
import type { Resource } from '../fetch/fetch-options.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { createResourceList } from '../fetch/resource-list.js'
import { isExpired, usefulLeeway } from '../protocol/token-set.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

/** What keeps a token of its own fresh. */
export interface TokenSessionOptions {
  /** Where `fetch` may send the token. */
  readonly resources?: ReadonlyArray<string | Resource>
  /** Seconds; default 60. */
  readonly leeway?: number
  /** Called and awaited with every new token set before it is used. */
  readonly onTokenSet?: (tokenSet: TokenSet, reason: TokenSetReason) => void | Promise<void>
}

/** A client without a person: its token is fetched when first needed, and again when it has expired. */
export interface TokenSession {
  getAccessToken(options?: { readonly forceRefresh?: boolean }): Promise<string>
  getTokenSet(): TokenSet | undefined
  /** `fetch` with the token, to `resources` only. */
  fetch(input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response>
  /** Ends requests that are under way. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** @param request gets a new token set; calls in parallel share one */
export function createTokenSession(
  context: ProtocolContext,
  request: (signal: AbortSignal) => Promise<TokenSet>,
  options: TokenSessionOptions,
): TokenSession {
  const closed = new AbortController()
  let tokenSet: TokenSet | undefined
  let pending: Promise<TokenSet> | undefined
  const renew = async (): Promise<TokenSet> => {
    const fresh = await request(closed.signal)
    await options.onTokenSet?.(fresh, 'client_credentials')
    tokenSet = fresh
    return fresh
  }
  const current = async (forceRefresh = false): Promise<TokenSet> => {
    if (tokenSet && !forceRefresh && isFresh(context, tokenSet, options.leeway ?? 60)) {
      return tokenSet
    }
    pending ??= renew().finally(() => {
      pending = undefined
    })
    return pending
  }
  const close = async (): Promise<void> => closed.abort()
  return {
    getAccessToken: async ({ forceRefresh } = {}) => (await current(forceRefresh)).accessToken,
    getTokenSet: () => tokenSet,
    fetch: createAuthedFetch({
      fetch: context.environment.fetch,
      resources: createResourceList(options.resources ?? [], undefined),
      context,
      accessToken: ({ forceRefresh }) => current(forceRefresh),
      protectedRequest: context.options.compliance?.protectedRequest,
      isOffline: () => false,
      sessionSignal: () => closed.signal,
    }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isFresh(context: ProtocolContext, tokenSet: TokenSet, leeway: number): boolean {
  const now = context.environment.now() / 1000 + context.clockOffsetSeconds()
  return !isExpired(tokenSet, usefulLeeway(tokenSet, leeway), now)
}
