import { Code } from '@mantine/core'
import { OAuthDevtools } from '@latchkey/react/devtools'
import type { ReactNode } from 'react'
import { Card } from '../../ui/card.js'
import { Page } from '../../ui/page.js'

const example = `import { OAuthDevtools, withDevtools } from '@latchkey/react/devtools'

const options = import.meta.env.DEV ? withDevtools(settings) : settings

<OAuthProvider {...options}>
  <App />
  {import.meta.env.DEV && <OAuthDevtools />}
</OAuthProvider>`

export function DevtoolsPage(): ReactNode {
  return (
    <Page
      title="Devtools"
      lead="The button “Latchkey” at the lower right opens a panel. It shows sessions, tokens and messages, and does to the session what else takes time or luck: let the token expire, lose the storage, sign out in another tab."
    >
      <Card
        title="In your own app"
        hint="It is in a bundle only where it is imported. The playground records from the start, and shows the panel on this page alone."
      >
        <Code block tabIndex={0} aria-label="How to put the panel into an app">
          {example}
        </Code>
      </Card>
      <OAuthDevtools />
    </Page>
  )
}
