import '@mantine/core/styles.css'
import './styles.css'
import { MantineProvider } from '@mantine/core'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { ConnectionProvider } from './connection/connection-context.js'
import { SessionProvider } from './session/session-provider.js'
import { Shell } from './shell/shell.js'
import { cssVariables, theme } from './theme.js'

export function renderApp(): void {
  const root = document.querySelector('#root')
  if (root) createRoot(root).render(<App />)
}

function App(): ReactNode {
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <ConnectionProvider>
          <SessionProvider>
            <Shell />
          </SessionProvider>
        </ConnectionProvider>
      </MantineProvider>
    </StrictMode>
  )
}
