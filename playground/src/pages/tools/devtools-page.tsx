import { OAuthDevtools } from '@latchkey/react/devtools'
import type { ReactNode } from 'react'
import { CodeCard } from '../../code/code-card.js'
import { devtoolsCode } from '../../code/session-samples.js'
import { useConnection } from '../../connection/connection-context.js'
import { Page } from '../../ui/page.js'

const VITE_EXAMPLE = `// vite.config.ts
import react from '@vitejs/plugin-react'
import { latchkey } from '@latchkey/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [react(), latchkey({ devtools: true })] })`

export function DevtoolsPage(): ReactNode {
  const { connection } = useConnection()
  return (
    <Page
      title="Devtools"
      lead="The button “Latchkey” at the lower right opens a panel. It shows the session, messages by attempt, each check of the ID token and the tabs, runs the doctor, and simulates failures."
    >
      <CodeCard
        code={devtoolsCode(connection)}
        hint="Not in a production bundle unless you import it. The playground records from the start, and shows the panel on this page only."
      />
      <CodeCard
        title="In a Vite app"
        code={VITE_EXAMPLE}
        hint="One line instead. It finds every client by itself, and shows the panel in the dev server only."
      />
      <OAuthDevtools />
    </Page>
  )
}
