'use client'
import { refuseUnknownOptions, type OAuthClient } from '@latchkey/core'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { OAuthProvider, type OAuthProviderProps } from '../provider/oauth-provider.js'
import type { RegisteredClaims } from '../provider/register.js'
import { createTestClient, type TestClient } from './test-client.js'
import { TEST_CLIENT_OPTIONS, type TestClientOptions } from './test-client-options.js'

type ProviderProps = Pick<
  OAuthProviderProps,
  'children' | 'queryClient' | 'restoring' | 'callback' | 'error' | 'clearQueryCacheOnUserChange' | 'onError' | 'onSignedIn'
>

/** Configures `<TestOAuthProvider>`: the options of a test client, or the client itself. */
export interface TestOAuthProviderProps<Claims = RegisteredClaims> extends ProviderProps, TestClientOptions<Claims> {
  /** Created by `createTestClient`, for tests that change the session from outside. It replaces the options above. */
  readonly client?: TestClient<Claims> | undefined
  /** Several clients by name, as for `<OAuthProvider>`. */
  readonly clients?: Readonly<Record<string, OAuthClient<unknown>>> | undefined
}

/**
 * Renders components in any state of a session, without network, storage or timers. A changed `session` prop replaces the state;
 * until then, calls of `login` and `logout` change it.
 *
 * @example
 * render(<TestOAuthProvider session={{ claims: { sub: 'alice', name: 'Alice' } }}><Menu /></TestOAuthProvider>)
 */
export function TestOAuthProvider<Claims = RegisteredClaims>(props: TestOAuthProviderProps<NoInfer<Claims>>): ReactElement {
  const { client: given, clients, children, queryClient, restoring, callback, error, ...others } = props
  const { clearQueryCacheOnUserChange, onError, onSignedIn, ...options } = others
  refuseUnknownOptions('<TestOAuthProvider>', options, TEST_CLIENT_OPTIONS)
  const { session } = options
  const [client] = useState(() => given ?? createTestClient<Claims>(options))
  // Compared by content, because a session is usually written inline.
  const content = JSON.stringify(session)
  const shown = useRef(content)
  useEffect(() => {
    if (shown.current === content || !session) return
    shown.current = content
    client.setSession(session)
  })
  const common = { children, queryClient, restoring, callback, error, clearQueryCacheOnUserChange, onError, onSignedIn }
  return clients ? <OAuthProvider {...common} clients={clients} /> : <OAuthProvider {...common} client={given ?? client} />
}
