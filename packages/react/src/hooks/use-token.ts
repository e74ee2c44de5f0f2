'use client'
import type { AccessTokenOptions, IdTokenClaims, OAuthClient, OAuthClientError, SessionState, TokenSet } from '@latchkey/core'
import { tokenKey } from '@latchkey/core'
import { useEffect, useMemo, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

export interface UseTokenOptions {
  /** Name of one of the provider's clients; default: the first. */
  readonly client?: ClientName | undefined
  /** Resource indicator (RFC 8707): the token for that resource, asked for when there is none yet. */
  readonly resource?: string | undefined
  /** Space-separated: a token of its own with this scope, which is narrower than the session's. */
  readonly scope?: string | undefined
}

export interface Token {
  /** Undefined when nobody is signed in, and while a token of its own is on its way. May have expired: `getAccessToken` gives a good one. */
  readonly accessToken: string | undefined
  readonly tokenType: string | undefined
  /** The granted scope. */
  readonly scope: string | undefined
  /** Seconds since the epoch, on the server's clock; undefined when the server gave no lifetime. */
  readonly expiresAt: number | undefined
  readonly idToken: string | undefined
  /** The checked claims of `idToken`, with `exp`, `iat` and the like. */
  readonly claims: IdTokenClaims | undefined
  /** Why the resource's token could not be had. */
  readonly error: OAuthClientError | undefined
  /** A token that is good for at least the leeway; refreshes when needed. */
  readonly getAccessToken: (options?: AccessTokenOptions) => Promise<string>
  readonly refresh: (options?: AccessTokenOptions) => Promise<TokenSet>
}

/**
 * The access token and its ID token, for code that cannot use `useAuthedFetch`. The component renders when the token is another one;
 * components that use other hooks do not.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a client it does not know
 * @see RFC 8707, section 2, for `resource`
 */
export function useToken({ client: name, resource, scope }: UseTokenOptions = {}): Token {
  const client = useClient(name)
  const { isMissing, ...shown } = useSessionState(client, (state) => shownToken(state, tokenKey(resource, scope)), isSameToken)
  const asked = useMemo(
    (): AccessTokenOptions => ({ ...(resource !== undefined && { resource }), ...(scope !== undefined && { scope }) }),
    [resource, scope],
  )
  const error = useAskForToken(client, asked, isMissing)
  const actions = useMemo(
    () => ({
      getAccessToken: (options?: AccessTokenOptions) => client.getAccessToken({ ...asked, ...options }),
      refresh: async (options?: AccessTokenOptions) => {
        if (tokenKey(resource, scope) === undefined) return client.refresh(options)
        await client.getAccessToken({ ...asked, ...options, forceRefresh: true })
        return client.getTokenSet() ?? client.refresh()
      },
    }),
    [client, asked, resource, scope],
  )
  return { ...shown, error, ...actions }
}

interface ShownToken extends Pick<Token, 'accessToken' | 'tokenType' | 'scope' | 'expiresAt' | 'idToken' | 'claims'> {
  /** A token of its own can be had and is not there yet. */
  readonly isMissing: boolean
}

function shownToken({ tokenSet }: SessionState<unknown>, key: string | undefined): ShownToken {
  const hasOwn = key !== undefined && tokenSet?.refreshToken !== undefined
  const token = hasOwn ? tokenSet.byResource?.[key] : tokenSet
  return {
    accessToken: token?.accessToken,
    tokenType: token?.tokenType,
    scope: token?.scope,
    expiresAt: token?.expiresAt,
    idToken: tokenSet?.idToken,
    claims: tokenSet?.claims,
    isMissing: hasOwn && !token,
  }
}

// The claims are those of the ID token.
const COMPARED = ['accessToken', 'tokenType', 'scope', 'expiresAt', 'idToken', 'isMissing'] as const

function isSameToken(rendered: ShownToken, next: ShownToken): boolean {
  return COMPARED.every((member) => rendered[member] === next[member])
}

/** Asks once; the failure stays until there is a token or something else is asked for. */
function useAskForToken(
  client: OAuthClient<unknown>,
  asked: AccessTokenOptions,
  isMissing: boolean,
): OAuthClientError | undefined {
  const [failure, setFailure] = useState<{ readonly asked: AccessTokenOptions; readonly error: OAuthClientError }>()
  useEffect(() => {
    if (isMissing) client.getAccessToken(asked).catch((error: OAuthClientError) => setFailure({ asked, error }))
  }, [client, asked, isMissing])
  return isMissing && failure?.asked === asked ? failure.error : undefined
}
