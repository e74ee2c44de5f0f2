'use client'
import {
  ConfigurationError,
  createOAuthClient,
  refuseUnknownOptions,
  type ClientOptions,
  type OAuthClient,
  type OptionNames,
} from '@latchkey/core'
import { useEffect, type ComponentType, type ReactElement, type ReactNode } from 'react'
import { OAuthProvider, type OAuthProviderProps } from '../provider/oauth-provider.js'
import { loadPeer, type RenderResult } from './optional-peers.js'
import { createTestServer, type TestServer } from './test-server.js'
import type { TestUser } from './test-server-options.js'

/** Renders the app in a test: `render` of Testing Library, or a function like it. */
export type RenderFunction<Result> = (
  ui: ReactElement,
  options: { readonly wrapper: ComponentType<{ children: ReactNode }> },
) => Result | Promise<Result>

type ProviderProps = Pick<
  OAuthProviderProps,
  'queryClient' | 'restoring' | 'callback' | 'error' | 'clearQueryCacheOnUserChange' | 'onError' | 'onSignedIn'
>

/** Options of `renderWithAuth`. */
export interface RenderWithAuthOptions<Result = RenderResult> extends ProviderProps {
  /** The test server that the app uses. Default: a new one. */
  readonly server?: TestServer | undefined
  /**
   * The user who is signed in: the `sub` of one of the server's users, or, for a new server, the claims of one. Default: the server's `user`.
   * `null`: no user is signed in.
   */
  readonly user?: string | TestUser | null | undefined
  /** Overrides options of the client, such as `scope`. */
  readonly client?: Partial<ClientOptions> | undefined
  /** Wraps the app, inside of the provider: a router, a theme. */
  readonly wrapper?: ComponentType<{ children: ReactNode }> | undefined
  /** Default: `render` of `@testing-library/react`. In Vitest's browser mode pass that of `vitest-browser-react`. */
  readonly render?: RenderFunction<Result> | undefined
}

/** What `renderWithAuth` returns, beside what its `render` returns. */
export interface AuthHandles {
  readonly server: TestServer
  readonly client: OAuthClient
}

const OPTIONS: OptionNames<RenderWithAuthOptions> = {
  server: 'object',
  user: 'string | object',
  client: 'object',
  wrapper: true,
  render: 'function',
  queryClient: 'object',
  restoring: true,
  callback: true,
  error: true,
  clearQueryCacheOnUserChange: 'boolean',
  onError: 'function',
  onSignedIn: 'function',
}

/**
 * Renders an app with a real client of a test server. By default a user is signed in before the app renders.
 *
 * @throws ConfigurationError if `@testing-library/react` or `@latchkey/server` is not installed
 * @example
 * const { server } = await renderWithAuth(<App />, { user: { sub: 'alice', name: 'Alice' } })
 * server.endSessions()
 * await screen.findByText('Your session has expired.')
 */
export async function renderWithAuth<Result = RenderResult>(
  ui: ReactElement,
  options: RenderWithAuthOptions<Result> = {},
): Promise<Result & AuthHandles> {
  refuseUnknownOptions('renderWithAuth()', options, OPTIONS)
  const { server: given, user, client: overrides, wrapper: Inner, render, ...provider } = options
  const server = given ?? createTestServer(typeof user === 'object' && user ? { users: [user] } : {})
  if (user) server.user = typeof user === 'string' ? user : userOf(user)
  const client = createOAuthClient({ ...server.options, ...overrides })
  await Promise.all([server.ready(), client.start()])
  if (user !== null) await client.login()
  const wrapper = ({ children }: { readonly children: ReactNode }): ReactElement => (
    <Started client={client} {...provider}>
      {Inner ? <Inner>{children}</Inner> : children}
    </Started>
  )
  const result = await (render ?? ((await testingLibraryRender()) as RenderFunction<Result>))(ui, { wrapper })
  return { ...result, server, client }
}

function userOf({ sub }: TestUser): string {
  if (typeof sub === 'string') return sub
  throw new ConfigurationError('configuration', 'The "user" of renderWithAuth() has no "sub".', {
    hint: 'Pass { sub: "alice", name: "Alice" }, the "sub" of a user of the server, or null for none.',
  })
}

async function testingLibraryRender(): Promise<RenderFunction<RenderResult>> {
  const { render } = await loadPeer('@testing-library/react', 'renderWithAuth()', () => import('@testing-library/react'))
  return render
}

/** Closes the client when the test unmounts the app. StrictMode mounts it again at once. */
function Started({ client, ...props }: OAuthProviderProps & { readonly client: OAuthClient }): ReactElement {
  useEffect(() => {
    void client.start()
    return () => void client.close()
  }, [client])
  return <OAuthProvider client={client} {...props} />
}
