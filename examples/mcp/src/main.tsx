import type { StepUpPrompt } from '@latchkey/core'
import { useResourceClient } from '@latchkey/react'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { clientMetadataUrl } from 'virtual:latchkey'
import { Tools } from './tools.js'

/** All that the app knows of the MCP server. */
const url = new URL('/mcp', location.origin).href

function App() {
  const [prompt, setPrompt] = useState<StepUpPrompt>()
  const { status, error, connection, connect, disconnect } = useResourceClient(url, {
    clientMetadataUrl,
    stepUp: 'popup',
    onStepUp: setPrompt,
  })
  return (
    <>
      <h1>{String(connection?.metadata?.resource_name ?? url)}</h1>
      {error && <p role="alert">{error.message}</p>}
      {status === 'discovering' && <p>Connecting …</p>}
      {(status === 'signed-out' || status === 'error') && <button onClick={() => void connect()}>Connect</button>}
      {status === 'connected' && connection && (
        <>
          <Tools connection={connection} />
          <button onClick={() => void disconnect()}>Disconnect</button>
        </>
      )}
      {prompt && <StepUp prompt={prompt} close={() => setPrompt(undefined)} />}
    </>
  )
}

interface StepUpProps {
  readonly prompt: StepUpPrompt
  readonly close: () => void
}

/** A tool needs a wider scope. The sign-in starts in this click, so that the browser allows its popup. */
function StepUp({ prompt: { scope, proceed, decline }, close }: StepUpProps) {
  const decide = (decision: () => void): void => {
    close()
    decision()
  }
  return (
    <p role="alertdialog">
      This tool needs {scope}. <button onClick={() => decide(proceed)}>Allow more</button>{' '}
      <button onClick={() => decide(decline)}>Not now</button>
    </p>
  )
}

createRoot(document.querySelector('#root')!).render(<App />)
