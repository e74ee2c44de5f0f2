'use client'
import {
  refuseUnknownOptions,
  tokenKey,
  type AccessTokenOptions,
  type IdTokenClaims,
  type OAuthClient,
  type OAuthClientError,
  type OptionNames,
  type SessionState,
  type TokenSet,
} from '@latchkey/core'
import { useEffect, useMemo, useState } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

/** Configures `useToken`. */
export interface UseTokenOptions {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /** Resource indicator (RFC 8707). The token for this resource is requested if there is none yet. */
  readonly resource?: string | undefined
  /** Scope values, space-separated or a list, a subset of the session's: a separate token with this scope is requested. */
  readonly scope?: string | readonly string[] | undefined
}

const OPTIONS: OptionNames<UseTokenOptions> = { client: 'string', resource: 'string', scope: 'string | list' }

/** Describes what `useToken` returns. */
export interface UseTokenResult {
  /** Undefined if no user is signed in, and while a token for `resource` or `scope` is requested. It may have expired: use `getAccessToken`. */
  readonly accessToken: string | undefined
  /** `Bearer` or `DPoP`. */
  readonly tokenType: string | undefined
  /** The granted scope, space-separated. */
  readonly scope: string | undefined
  /** Seconds since the epoch, by the server's clock; undefined if the server states no lifetime. */
  readonly expiresAt: number | undefined
  /** Undefined if the session has no ID token. */
  readonly idToken: string | undefined
  /** The validated claims of `idToken`, including `exp` and `iat`. */
  readonly claims: IdTokenClaims | undefined
  /** Why the request of a token for `resource` or `scope` failed. */
  readonly error: OAuthClientError | undefined
  /** Returns an access token that is valid for at least the client's `leeway`; refreshes it if necessary. */
  readonly getAccessToken: (options?: AccessTokenOptions) => Promise<string>
  /** Requests new tokens even if the current ones are valid. */
  readonly refresh: (options?: AccessTokenOptions) => Promise<TokenSet>
}

/**
 * Returns the access token and the ID token, for code that cannot use `useAuthedFetch`. The component renders when the token
 * changes; components that use other hooks do not.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see RFC 8707, section 2, for `resource`
 */
export function useToken(options: UseTokenOptions = {}): UseTokenResult {
  if (IS_DEVELOPMENT) refuseUnknownOptions('useToken()', options, OPTIONS)
  const { client: name, resource, scope: requestedScope } = { ...options }
  // A list is usually a new one in each render.
  const scope = [requestedScope ?? []].flat().join(' ') || undefined
  const client = useClient(name)
  const shown = useSessionState(client, (state) => shownToken(state, tokenKey(resource, scope)), isSameToken)
  const { accessToken, tokenType, scope: granted, expiresAt, idToken, claims, isMissing } = shown
  const requested = useMemo((): AccessTokenOptions => ({ resource, scope }), [resource, scope])
  const error = useRequestToken(client, requested, isMissing)
  const actions = useMemo(
    () => ({
      getAccessToken: (given?: AccessTokenOptions) => client.getAccessToken({ ...requested, ...given }),
      refresh: async (given?: AccessTokenOptions) => {
        if (tokenKey(resource, scope) === undefined) return client.refresh(given)
        await client.getAccessToken({ ...requested, ...given, forceRefresh: true })
        return client.getTokenSet() ?? client.refresh()
      },
    }),
    [client, requested, resource, scope],
  )
  return useMemo(
    () => ({ accessToken, tokenType, scope: granted, expiresAt, idToken, claims, error, ...actions }),
    [accessToken, tokenType, granted, expiresAt, idToken, claims, error, actions],
  )
}

interface ShownToken extends Pick<UseTokenResult, 'accessToken' | 'tokenType' | 'scope' | 'expiresAt' | 'idToken' | 'claims'> {
  /** True if a separate token for the resource or scope can be requested and has not been received yet. */
  readonly isMissing: boolean
}

function shownToken({ tokenSet }: SessionState<unknown>, key: string | undefined): ShownToken {
  const isSeparate = key !== undefined && tokenSet?.refreshToken !== undefined
  const token = isSeparate ? tokenSet.byResource?.[key] : tokenSet
  return {
    accessToken: token?.accessToken,
    tokenType: token?.tokenType,
    scope: token?.scope,
    expiresAt: token?.expiresAt,
    idToken: tokenSet?.idToken,
    claims: tokenSet?.claims,
    isMissing: isSeparate && !token,
  }
}

// `claims` are those of the ID token, so comparing `idToken` is enough.
const COMPARED = ['accessToken', 'tokenType', 'scope', 'expiresAt', 'idToken', 'isMissing'] as const

function isSameToken(rendered: ShownToken, next: ShownToken): boolean {
  return COMPARED.every((member) => rendered[member] === next[member])
}

/** Requests the token once. The error stays until there is a token or another one is requested. */
function useRequestToken(
  client: OAuthClient<unknown>,
  requested: AccessTokenOptions,
  isMissing: boolean,
): OAuthClientError | undefined {
  const [failure, setFailure] = useState<{ readonly requested: AccessTokenOptions; readonly error: OAuthClientError }>()
  useEffect(() => {
    if (isMissing) client.getAccessToken(requested).catch((error: OAuthClientError) => setFailure({ requested, error }))
  }, [client, requested, isMissing])
  return isMissing && failure?.requested === requested ? failure.error : undefined
}
