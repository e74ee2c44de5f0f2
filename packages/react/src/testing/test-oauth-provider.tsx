'use client'
import type { OAuthClient } from '@latchkey/core'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { OAuthProvider, type OAuthProviderProps } from '../provider/oauth-provider.js'
import type { RegisteredClaims } from '../provider/register.js'
import { createTestClient, type TestClient, type TestClientOptions } from './test-client.js'

type FromProvider = Pick<
  OAuthProviderProps,
  'children' | 'queryClient' | 'clearQueryCacheOnUserChange' | 'onError' | 'onSignedIn'
>

export interface TestOAuthProviderProps<Claims = RegisteredClaims> extends FromProvider, TestClientOptions<Claims> {
  /** Made by `createTestClient`, for tests that change the session from outside. The options above are then the client's own. */
  readonly client?: TestClient<Claims>
  /** Several by name, as for `<OAuthProvider>`. */
  readonly clients?: Readonly<Record<string, OAuthClient<unknown>>>
}

/**
 * Puts components into any state of a session: no network, no storage, no timers. Another `session` in a later render changes the
 * state; what `login` and `logout` do in between stays until then.
 *
 * @example
 * render(<TestOAuthProvider session={{ claims: { sub: 'alice', name: 'Alice' } }}><Menu /></TestOAuthProvider>)
 */
export function TestOAuthProvider<Claims = RegisteredClaims>(props: TestOAuthProviderProps<NoInfer<Claims>>): ReactElement {
  const {
    client: given,
    clients,
    session,
    children,
    queryClient,
    clearQueryCacheOnUserChange,
    onError,
    onSignedIn,
    ...setup
  } = props
  const [made] = useState(() => given ?? createTestClient<Claims>({ ...setup, ...(session && { session }) }))
  // By content: a session is usually written inline.
  const content = JSON.stringify(session)
  const shown = useRef(content)
  useEffect(() => {
    if (shown.current === content || !session) return
    shown.current = content
    made.setSession(session)
  })
  const common = { children, onError, onSignedIn, queryClient, clearQueryCacheOnUserChange }
  const present = Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined))
  return <OAuthProvider {...present} {...(clients ? { clients } : { client: given ?? made })} />
}
