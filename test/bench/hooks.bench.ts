// A warm start of a page with thousands of components that show the user, compared with React's own minimum: one store that all of them
// subscribe to by hand. Run it with `npm run bench`.
import { createOAuthClient, type OAuthClient, type TokenStorage } from '@latchkey/core'
import { OAuthProvider, useOAuth } from '@latchkey/react'
import { createElement, useSyncExternalStore, type FunctionComponent } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { bench, describe } from 'vitest'

const COMPONENTS = 1000
const now = Math.floor(Date.now() / 1000)
const record = {
  version: 1,
  revision: 'first',
  at: Date.now(),
  data: {
    accessToken: 'token',
    tokenType: 'Bearer',
    claims: { sub: 'alice', name: 'Alice' },
    expiresAt: now + 3600,
    response: {},
  },
}
const storage: TokenStorage = {
  persistent: true,
  get: async (key) => (key.endsWith('/session') ? record : undefined),
  update: async () => undefined,
  keys: async () => [],
}

function render(client: OAuthClient, item: FunctionComponent): () => void {
  const root = createRoot(document.body.appendChild(document.createElement('div')))
  const items = Array.from({ length: COMPONENTS }, (_, key) => createElement(item, { key }))
  flushSync(() => root.render(createElement(OAuthProvider, { client }, items)))
  return () => flushSync(() => root.unmount())
}

async function start(itemOf: (client: OAuthClient) => FunctionComponent): Promise<void> {
  const client = createOAuthClient({ issuer: 'https://id.example', clientId: 'bench', storage })
  const unmount = render(client, itemOf(client))
  await client.start()
  // React renders a change of a store at once.
  await Promise.resolve()
  if (client.getSnapshot().status !== 'signed-in') throw new Error('no user is signed in')
  unmount()
  await client.close()
}

describe(`start with ${COMPONENTS} components`, () => {
  const options = { iterations: 5, warmupIterations: 2, time: 0, warmupTime: 0 }
  bench('that use no hook', () => start(() => () => 'Alice'), options)
  bench(
    'that use useOAuth',
    () =>
      start(() => () => {
        const { isSignedIn, claims } = useOAuth()
        return isSignedIn ? String(claims.name) : ''
      }),
    options,
  )
  bench(
    'that subscribe to the client by hand',
    () =>
      start((client) => {
        const subscribe = (listener: () => void): (() => void) => client.subscribe(listener)
        const getSnapshot = (): ReturnType<OAuthClient['getSnapshot']> => client.getSnapshot()
        return () => String(useSyncExternalStore(subscribe, getSnapshot).claims?.name)
      }),
    options,
  )
})
