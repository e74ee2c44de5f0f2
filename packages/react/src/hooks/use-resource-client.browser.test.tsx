import { memory, type NavigateRequest, type TokenStorage } from '@latchkey/core'
import { fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { openPage } from '../fixtures/open-page.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { OAuthProvider, useOAuth, useResourceClient, type UseResourceClientOptions } from '../index.js'
import { createTestServer, type TestServer } from '../testing.js'

cleanUpAfterEach()

// The test server is on this machine, and a resource elsewhere may not lead there.
const RESOURCE = new URL('/mcp', location.origin).href
const WELL_KNOWN = '/.well-known/oauth-protected-resource/mcp'
const REDIRECT_URI = new URL('/callback', location.origin).href

interface World {
  readonly server: TestServer
  readonly storage: TokenStorage
  readonly options: UseResourceClientOptions
  /** Issuers in the metadata of the resource. */
  issuers: readonly string[]
}

/** A server that registers clients, an API, and the API's metadata. */
async function createWorld(): Promise<World> {
  const server = createTestServer({
    resources: [new URL('/', location.origin).href],
    api: (_request, { scope }) => Response.json({ scope }),
  })
  const response = await server.fetch(`${server.issuer}/.well-known/openid-configuration`)
  const metadata: unknown = await response.json()
  const storage = memory()
  const world: World = { server, storage, issuers: [server.issuer], options: clientOptions(server, storage) }
  server.respond(({ url }) => {
    if (url.endsWith(WELL_KNOWN))
      return Response.json({ resource: RESOURCE, authorization_servers: world.issuers, scopes_supported: ['tools'] })
    if (url.endsWith('/oauth-authorization-server'))
      return Response.json(Object.assign({}, metadata, { registration_endpoint: `${server.issuer}/register` }))
    return url.endsWith('/register') ? Response.json({ client_id: crypto.randomUUID() }, { status: 201 }) : undefined
  })
  return world
}

function clientOptions(server: TestServer, storage: TokenStorage): UseResourceClientOptions {
  const transport = {
    name: 'test',
    prepare: () => ({ navigate: ({ url }: NavigateRequest) => server.navigate(url), cancel: () => undefined }),
  }
  return { fetch: server.fetch, storage, transport, now: server.clock.now, redirectUri: REDIRECT_URI }
}

function Tools({ options }: { readonly options: UseResourceClientOptions }) {
  const { status, servers, error, connect, choose, disconnect, fetch } = useResourceClient(RESOURCE, options)
  const call = async (): Promise<void> => {
    const response = await fetch(RESOURCE)
    document.title = await response.text()
  }
  return (
    <>
      <p>{`${status} ${error?.code ?? ''}`}</p>
      {servers.map((server) => (
        <button key={server} onClick={() => choose(server)}>
          {server}
        </button>
      ))}
      <button onClick={() => void connect()}>connect</button>
      <button onClick={() => void disconnect()}>disconnect</button>
      <button onClick={() => void call()}>call</button>
    </>
  )
}

const appOf = ({ options }: World) => (
  <StrictMode>
    <Tools options={options} />
  </StrictMode>
)

describe('useResourceClient()', () => {
  it('leads from a URL to an authorized fetch, and back, outside a provider and in StrictMode', async () => {
    const world = await createWorld()
    render(appOf(world))
    expect(screen.getByText('discovering')).toBeTruthy()
    await screen.findByText('signed-out')
    fireEvent.click(screen.getByText('connect'))
    await screen.findByText('connected')
    fireEvent.click(screen.getByText('call'))
    await expect.poll(() => document.title).toBe('{"scope":["tools"]}')
    expect(world.server.count('register')).toBe(1)
    expect(world.server.count('token')).toBe(1)
    fireEvent.click(screen.getByText('disconnect'))
    await screen.findByText('signed-out')
  })

  it('is connected after a reload, without a request', async () => {
    const world = await createWorld()
    const { unmount } = render(appOf(world))
    await screen.findByText('signed-out')
    fireEvent.click(screen.getByText('connect'))
    await screen.findByText('connected')
    unmount()
    const sent = world.server.requests.length
    render(appOf(world))
    await screen.findByText('connected')
    expect(world.server.requests).toHaveLength(sent)
  })

  it('completes a sign-in by redirect, also inside a provider, whose client ignores the response', async () => {
    const world = await createWorld()
    let callback: URL | undefined
    const transport = {
      name: 'redirect',
      prepare: () => ({
        navigate: async ({ url }: NavigateRequest) => {
          callback = await world.server.navigate(url)
          return new Promise<undefined>(() => undefined)
        },
        cancel: () => undefined,
      }),
    }
    const options = { ...world.options, transport }
    const { unmount } = render(<Tools options={options} />)
    await screen.findByText('signed-out')
    fireEvent.click(screen.getByText('connect'))
    await expect.poll(() => callback?.searchParams.has('code')).toBe(true)
    unmount()
    openPage(callback ?? '')
    const Provider = () => <p>{`provider ${useOAuth().status}`}</p>
    render(
      <OAuthProvider {...world.server.options} redirectUri={REDIRECT_URI}>
        <Provider />
        <Tools options={options} />
      </OAuthProvider>,
    )
    await screen.findByText('connected')
    expect(screen.getByText('provider signed-out')).toBeTruthy()
    expect(location.href).not.toContain('code=')
  })

  it('lets the user choose one of several authorization servers', async () => {
    const world = await createWorld()
    world.issuers = ['https://other.example', world.server.issuer]
    render(appOf(world))
    await screen.findByText('choosing')
    expect(screen.getByText('https://other.example')).toBeTruthy()
    fireEvent.click(screen.getByText(world.server.issuer))
    await screen.findByText('signed-out')
    fireEvent.click(screen.getByText('connect'))
    await screen.findByText('connected')
  })

  it('shows why a resource cannot be connected to, and tries again', async () => {
    const world = await createWorld()
    world.issuers = []
    render(appOf(world))
    await screen.findByText('error invalid_metadata')
    world.issuers = [world.server.issuer]
    fireEvent.click(screen.getByText('connect'))
    await screen.findByText('connected')
  })

  it('registers again if the server no longer knows the client', async () => {
    const world = await createWorld()
    render(appOf(world))
    await screen.findByText('signed-out')
    const recover = world.server.fail(401, { at: 'token', error: 'invalid_client' })
    fireEvent.click(screen.getByText('connect'))
    await screen.findByText('signed-out token_error')
    recover()
    fireEvent.click(screen.getByText('connect'))
    await screen.findByText('connected')
    expect(world.server.count('register')).toBe(2)
  })

  it('rejects a call before the user has signed in', async () => {
    const world = await createWorld()
    const { result } = renderHook(() => useResourceClient(RESOURCE, world.options))
    await waitFor(() => expect(result.current.status).toBe('signed-out'))
    const outcome = await result.current.fetch(RESOURCE).catch((cause: unknown) => cause)
    expect(outcome).toMatchObject({ code: 'missing_token' })
  })
})
