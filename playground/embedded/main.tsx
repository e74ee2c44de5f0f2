import '@mantine/core/styles.css'
import '../src/styles.css'
import './embedded.css'
import { MantineProvider } from '@mantine/core'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { clearLog } from '../src/network-log/network-log.js'
import { cssVariables, theme } from '../src/theme.js'
import { CodeFlow } from './code-flow.js'
import { useSiteColorScheme } from './use-site-color-scheme.js'

// The log survives a reload, and the sign-in does not.
clearLog()
const root = document.querySelector('#root')
if (root) createRoot(root).render(<Embedded />)

function Embedded(): ReactNode {
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={useSiteColorScheme()}>
        <CodeFlow />
      </MantineProvider>
    </StrictMode>
  )
}
