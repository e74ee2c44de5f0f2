import type { ResourceConnection, StepUpPrompt } from '@latchkey/core'
import { useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { connectToNotes } from './connection.js'
import { Tools } from './tools.js'

const root = createRoot(document.querySelector('#root')!)
root.render(<p>Connecting …</p>)

let prompt: StepUpPrompt | undefined
const listeners = new Set<() => void>()
const showPrompt = (next: StepUpPrompt | undefined): void => {
  prompt = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

connectToNotes(showPrompt).then(
  (connection) => root.render(<App connection={connection} />),
  (error: Error) => root.render(<p role="alert">{error.message}</p>),
)

/** With an ID token, the client knows that a sign-in for more scope is of the same user, and sends the refused request again. */
const scopeOf = ({ scope }: ResourceConnection): string => `openid ${scope}`

function App({ connection }: { readonly connection: ResourceConnection }) {
  const { status, error } = useSyncExternalStore(connection.client.subscribe, connection.client.getSnapshot)
  const stepUp = useSyncExternalStore(subscribe, () => prompt)
  return (
    <>
      <h1>{String(connection.metadata?.resource_name ?? connection.url)}</h1>
      {error && <p role="alert">{error.message}</p>}
      {status === 'signed-out' && (
        <button onClick={() => void connection.connect({ scope: scopeOf(connection) })}>Connect</button>
      )}
      {status === 'signed-in' && <Tools connection={connection} />}
      {status === 'signed-in' && <button onClick={() => void connection.disconnect()}>Disconnect</button>}
      {stepUp && <StepUp prompt={stepUp} />}
    </>
  )
}

/** The sign-in starts in this click, so that the browser allows its popup. */
function StepUp({ prompt: { scope, proceed, decline } }: { readonly prompt: StepUpPrompt }) {
  const decide = (decision: () => void): void => {
    showPrompt(undefined)
    decision()
  }
  return (
    <p role="alertdialog">
      This tool needs {scope}. <button onClick={() => decide(proceed)}>Allow more</button>{' '}
      <button onClick={() => decide(decline)}>Not now</button>
    </p>
  )
}
