import type { Connection } from '../connection/connection.js'
import { clientOptionsCode, literal, loginCode, providerCode, signInCode } from './sample.js'

/** The code of the pages about a session: across tabs, without a network, in a worker. */

export const tabsCode = `
import { SignedIn, SignedOut, useOAuth, useSessionEvent } from '@latchkey/react'

// Nothing to configure: tabs share the session, and one of them refreshes for all.
export function Header() {
  const { claims } = useOAuth()
  useSessionEvent('signed-out', ({ reason }) => {
    if (reason === 'other-tab') console.info('Signed out in another tab')
  })
  return (
    <>
      <SignedIn>Hello, {claims?.name}</SignedIn>
      <SignedOut>Please sign in.</SignedOut>
    </>
  )
}
`

/** @param maxAge seconds since the sign-in at the server that the page permits; undefined for any */
export function silentCode(connection: Connection, maxAge?: number): string {
  if (maxAge !== undefined) return signInCode({ connection, login: loginCode({ transport: 'iframe', prompt: 'none', maxAge }) })
  return `
import { OAuthProvider, SignedIn, SignedOut } from '@latchkey/react'

// Tries a hidden frame when the app starts without a session, then a redirect.
export function App() {
  return (
${providerCode(
  connection,
  ["silent={['iframe', 'redirect']}", 'restoring={<p>Loading …</p>}'],
  `<SignedIn>Welcome back</SignedIn>
      <SignedOut>Please sign in</SignedOut>`,
)}
  )
}
`
}

export function workerCode({ issuer, clientId, scope }: Connection): string {
  return `
import { workerClient } from '@latchkey/core/worker'
import { OAuthProvider } from '@latchkey/react'

// The file of the worker calls, with @latchkey/core/worker/host:
// serveClient({
//   issuer: ${literal(issuer)},
//   clientId: ${literal(clientId)},
//   scope: ${literal(scope)},
// })
const url = new URL('./oauth.worker.ts', import.meta.url)
const client = workerClient({
  worker: new Worker(url, { type: 'module' }),
  issuer: ${literal(issuer)},
  clientId: ${literal(clientId)},
})

export const app = <OAuthProvider client={client}>…</OAuthProvider>
`
}

export function offlineCode(connection: Connection): string {
  return `
import { OAuthProvider, useAuthedFetch, useOAuth } from '@latchkey/react'

// After its expiry, a session is shown for eight more hours without a network.
export function App() {
  return (
${providerCode(connection, ['offlineGrace={8 * 3600}'], '<Notes />')}
  )
}

function Notes() {
  const { isSignedIn, error } = useOAuth()
  const authedFetch = useAuthedFetch()
  const save = () => authedFetch('/api/notes', { method: 'POST' })
  if (!isSignedIn) return <p>{error?.code === 'offline' ? 'Go online.' : 'Sign in.'}</p>
  return <button onClick={() => void save()}>Save</button>
}
`
}

/** @param seconds without activity after which the session ends */
export function idleCode(seconds: number): string {
  return `
import { useIdleTimeout } from '@latchkey/react'

export function IdleWarning() {
  const { secondsLeft, keepAlive } = useIdleTimeout({
    timeoutSeconds: ${seconds},
    warnSeconds: ${Math.min(60, Math.round(seconds / 2))},
    logout: { local: true },
  })
  if (secondsLeft === undefined) return null
  return <button onClick={keepAlive}>Stay signed in ({secondsLeft} s)</button>
}
`
}

export function devtoolsCode(connection: Connection): string {
  return `
import { OAuthProvider } from '@latchkey/react'
import { OAuthDevtools, withDevtools } from '@latchkey/react/devtools'

const settings = ${clientOptionsCode(connection)}
// Vite replaces import.meta.env.DEV. With another bundler, use process.env.NODE_ENV.
const isDev = import.meta.env.DEV
const options = isDev ? withDevtools(settings) : settings

export function App() {
  return (
    <OAuthProvider {...options}>
      <main>Your app</main>
      {isDev && <OAuthDevtools />}
    </OAuthProvider>
  )
}
`
}
