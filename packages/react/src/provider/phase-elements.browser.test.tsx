import { createOAuthClient, memory } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { openCallback } from '../fixtures/open-page.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { OAuthProvider, useLogin, useOAuth, type OAuthProviderProps, type PhaseElements, type SignInFailure } from '../index.js'
import { TestOAuthProvider, type TestSession } from '../testing.js'

cleanUpAfterEach()

function App() {
  const { status, claims, error } = useOAuth()
  return <p>{`app: ${status} ${claims?.name ?? error?.code}`}</p>
}

const ELEMENTS: PhaseElements = {
  restoring: <p>Restoring</p>,
  callback: <p>Signing in</p>,
  error: (failure) => <Failed {...failure} />,
}

function Failed({ error, name, activity, login, dismiss }: SignInFailure) {
  return (
    <div role="alert">
      {`${name}: ${error.error ?? error.code} ${activity}`}
      <button onClick={() => void login({ transport: 'popup' })}>Try again</button>
      <button onClick={dismiss}>Continue</button>
    </div>
  )
}

/** Renders an app with an element for each phase, and records what the page shows one after the other. */
function renderPhases(props: OAuthProviderProps, more: { readonly strict?: boolean } = {}) {
  const app = (
    <OAuthProvider {...ELEMENTS} {...props}>
      <App />
    </OAuthProvider>
  )
  const container = document.body.appendChild(document.createElement('div'))
  const shown: string[] = []
  const note = (): void => {
    const text = container.textContent
    if (shown.at(-1) !== text) shown.push(text)
  }
  const observer = new MutationObserver(note)
  observer.observe(container, { childList: true, characterData: true, subtree: true })
  onTestFinished(() => {
    observer.disconnect()
    container.remove()
  })
  render(more.strict ? <StrictMode>{app}</StrictMode> : app, { container })
  note()
  return { shown }
}

describe('the phase elements of <OAuthProvider>', () => {
  it('shows `restoring` while the stored session is read, and then the app, which never sees that status', async () => {
    const server = createTestServer()
    const { storage = memory() } = server.options
    await createOAuthClient({ ...server.options, storage }).login()
    const { shown } = renderPhases({ ...server.options, storage }, { strict: true })
    await screen.findByText('app: signed-in Alice')
    expect(shown).toEqual(['Restoring', 'app: signed-in Alice'])
  })

  it('shows nothing while the session is read if `restoring` is null, and the app if it is absent', async () => {
    const server = createTestServer()
    const { shown } = renderPhases({ ...server.options, restoring: null })
    await screen.findByText('app: signed-out undefined')
    expect(shown).toEqual(['', 'app: signed-out undefined'])
    const { shown: byDefault } = renderPhases({ ...createTestServer().options, restoring: undefined })
    await expect.poll(() => byDefault.at(-1)).toBe('app: signed-out undefined')
    expect(byDefault[0]).toBe('app: restoring undefined')
  })

  it('shows `callback`, and not `restoring`, while a response is handled', async () => {
    const server = createTestServer()
    await openCallback(server)
    const { shown } = renderPhases(server.options, { strict: true })
    await screen.findByText('app: signed-in Alice')
    expect(shown).toEqual(['Signing in', 'app: signed-in Alice'])
  })

  it('shows `error` instead of the app after a failed sign-in, until the next attempt succeeds', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server)
    const { shown } = renderPhases(server.options, { strict: true })
    await screen.findByText('default: access_denied idle')
    fireEvent.click(screen.getByText('Try again'))
    await screen.findByText('default: access_denied signing-in')
    await screen.findByText('default: access_denied idle')
    server.recover()
    fireEvent.click(screen.getByText('Try again'))
    await screen.findByText('app: signed-in Alice')
    expect(shown.every((text) => text === 'Signing in' || text.startsWith('default:') || text === 'app: signed-in Alice')).toBe(
      true,
    )
  })

  it('shows the app, with its error, when the user dismisses `error`', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server)
    renderPhases(server.options)
    fireEvent.click(await screen.findByText('Continue'))
    await screen.findByText('app: signed-out authorization_error')
  })

  it('takes an element for `error`, whose hooks work', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server)
    function Retry() {
      const { login, isPending } = useLogin()
      return (
        <button disabled={isPending} onClick={() => void login({ transport: 'popup' })}>
          Retry
        </button>
      )
    }
    renderPhases({ ...server.options, error: <Retry /> })
    const retry = await screen.findByText('Retry')
    server.recover()
    fireEvent.click(retry)
    await screen.findByText('app: signed-in Alice')
  })

  it('shows the app after a failure while a user is signed in', async () => {
    const server = createTestServer()
    const { storage = memory() } = server.options
    await createOAuthClient({ ...server.options, storage }).login()
    server.denied()
    await openCallback(server)
    const { shown } = renderPhases({ ...server.options, storage })
    await expect.poll(() => shown.at(-1)).toBe('app: signed-in Alice')
  })

  it('does not return to `restoring` when a client is added later', async () => {
    const server = createTestServer()
    const app = (clients: Readonly<Record<string, OAuthProviderProps['client'] & object>>): ReactNode => (
      <OAuthProvider clients={clients} {...ELEMENTS}>
        <App />
      </OAuthProvider>
    )
    const work = createOAuthClient(server.options)
    const { rerender } = render(app({ work }))
    await screen.findByText('app: signed-out undefined')
    rerender(app({ work, other: createOAuthClient({ ...server.options, name: 'other' }) }))
    expect(screen.queryByText('Restoring')).toBeNull()
    expect(screen.getByText('app: signed-out undefined')).toBeTruthy()
  })

  describe('in <TestOAuthProvider>', () => {
    const inSession = (session: TestSession) => (
      <TestOAuthProvider {...ELEMENTS} session={session}>
        <App />
      </TestOAuthProvider>
    )

    it('shows `restoring` until the session is another', async () => {
      const { rerender } = render(inSession({ status: 'restoring' }))
      await act(async () => undefined)
      expect(screen.getByText('Restoring')).toBeTruthy()
      rerender(inSession({ claims: { sub: 'alice', name: 'Alice' } }))
      await screen.findByText('app: signed-in Alice')
    })

    it('shows `error` for a failed sign-in, and the app for a session that the server has ended', () => {
      const failed = (code: string) => ({ status: 'signed-out', error: Object.assign(new Error(), { code }) as never }) as const
      const { unmount } = render(inSession(failed('network')))
      expect(screen.getByRole('alert').textContent).toContain('default: network idle')
      unmount()
      render(inSession(failed('token_invalid')))
      expect(screen.getByText('app: signed-out token_invalid')).toBeTruthy()
    })
  })
})

describe('hydrating the phase elements', () => {
  /** What the server sends, hydrated. @returns the text of the HTML, and what React complains about */
  async function hydrate(app: (client: ReturnType<typeof createOAuthClient>) => ReactNode) {
    const server = createTestServer()
    const onServer = createOAuthClient({ ...server.options, name: 'server' })
    const client = createOAuthClient(server.options)
    const errors = vi.spyOn(console, 'error').mockReturnValue(undefined)
    onTestFinished(() => errors.mockRestore())
    const container = document.body.appendChild(document.createElement('div'))
    onTestFinished(() => container.remove())
    container.innerHTML = renderToString(app(onServer))
    const html = container.textContent
    errors.mockClear()
    const recovered: unknown[] = []
    return {
      server,
      html,
      problems: () => [...errors.mock.calls, ...recovered],
      mount: () => render(app(client), { container, hydrate: true, onRecoverableError: (error) => void recovered.push(error) }),
    }
  }

  const app = (client: ReturnType<typeof createOAuthClient>) => (
    <OAuthProvider client={client} {...ELEMENTS}>
      <App />
    </OAuthProvider>
  )

  it('renders `restoring` on a server, and hydrates it without a warning', async () => {
    const { html, mount, problems } = await hydrate(app)
    expect(html).toBe('Restoring')
    mount()
    await screen.findByText('app: signed-out undefined')
    expect(problems()).toEqual([])
  })

  it('hydrates it on the page of a callback, too, and then shows `callback` and `error`', async () => {
    const hydrated = await hydrate(app)
    hydrated.server.denied()
    await openCallback(hydrated.server)
    hydrated.mount()
    await screen.findByText('default: access_denied idle')
    await act(async () => undefined)
    expect(hydrated.problems()).toEqual([])
  })
})
