import { createOAuthClient, memory, type OAuthClient, type TokenStorage } from '@latchkey/core'
import { createElement, type ReactElement, type ReactNode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, onTestFinished } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, useOAuth } from '../index.js'

/** As many as a busy machine renders in slices until the session has been read. */
const COUNT = 300
/** Longer than React renders before it lets the page do other things. */
const SLOW_MS = 10

/** Creates a client with a stored session, which is read when `read` is called. */
async function createStoredSession(): Promise<{ readonly client: OAuthClient; readonly read: () => void }> {
  const { options } = createTestServer()
  const { storage = memory() } = options
  await createOAuthClient({ ...options, storage }).login()
  const { opened, open } = createGate()
  const late: TokenStorage = { ...storage, get: (key) => opened.then(() => storage.get(key)) }
  return { client: createOAuthClient({ ...options, storage: late }), read: open }
}

/** A promise, and the function that resolves it. */
function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Renders as an app does. Testing Library would not let the page do other things meanwhile. */
function renderApp(app: ReactNode): HTMLElement {
  const container = document.createElement('div')
  const root = createRoot(container)
  onTestFinished(() => root.unmount())
  root.render(app)
  return container
}

function spin(): void {
  const end = performance.now() + SLOW_MS
  while (performance.now() < end);
}

it('renders a large app once if the session is read meanwhile', async () => {
  const { client, read } = await createStoredSession()
  const seen: string[] = []
  function Name({ index }: { readonly index: number }): ReactElement {
    const { status, claims } = useOAuth()
    if (index === 0) read()
    if (index === COUNT - 1) seen.push(status)
    if (status === 'restoring') spin()
    return <i>{claims?.name}</i>
  }
  const container = renderApp(
    <OAuthProvider client={client}>
      {Array.from({ length: COUNT }, (_, index) => createElement(Name, { key: index, index }))}
    </OAuthProvider>,
  )
  await expect.poll(() => container.textContent).toBe('Alice'.repeat(COUNT))
  expect(seen).toEqual(['signed-in'])
})

it('shows the app with the status "restoring" if the session is read late', async () => {
  const { client, read } = await createStoredSession()
  const Status = (): ReactElement => <i>{useOAuth().status}</i>
  const container = renderApp(
    <OAuthProvider client={client}>
      <Status />
    </OAuthProvider>,
  )
  await expect.poll(() => container.textContent).toBe('restoring')
  read()
  await expect.poll(() => container.textContent).toBe('signed-in')
})

it('shows the fallback of a boundary above the provider when the session is read, while a component suspends', async () => {
  const { client, read } = await createStoredSession()
  let isLoaded = false
  const { opened, open } = createGate()
  function Late(): ReactElement {
    if (!isLoaded) throw opened
    return <i>loaded</i>
  }
  const container = renderApp(
    <Suspense fallback="loading">
      <OAuthProvider client={client}>
        <Late />
      </OAuthProvider>
    </Suspense>,
  )
  read()
  await expect.poll(() => container.textContent).toBe('loading')
  isLoaded = true
  open()
  await expect.poll(() => container.querySelector('i')?.textContent).toBe('loaded')
})
