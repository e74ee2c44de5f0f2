import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useAuthedFetch, useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { builtInConnection } from '../../connection/built-in-connection.js'
import { useConnection } from '../../connection/connection-context.js'
import { Card } from '../../ui/card.js'
import { CodeCard } from '../../code/code-card.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { apiCode } from '../../code/hook-samples.js'
import { SessionStory } from '../../story/session-story.js'
import { apiStory } from '../../story/stories/session-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'
import { loggingFetch } from '../../network-log/logging-fetch.js'

const suggestions = [
  { url: '/api/me', about: 'accepts any token' },
  { url: '/api/admin', about: 'requires the scope “admin”' },
  { url: 'https://api.example.com/', about: 'is not one of the app’s resources: nothing is sent' },
]

const defaults = { url: '/api/me' }

export function ApiPage(): ReactNode {
  const { status } = useOAuth()
  const authedFetch = useAuthedFetch()
  const { connection } = useConnection()
  const [{ url }, change] = usePageState(defaults)
  return (
    <Page
      title="Call an API"
      lead="Without a token, the API responds with 401. useAuthedFetch() returns a fetch that adds the access token, refreshes it if necessary, and sends it only to the app’s resources."
      specs={['RFC 6750, section 2.1', 'RFC 6750, section 3']}
    >
      {connection.issuer !== builtInConnection.issuer && (
        <Alert color="yellow" role="status" title="This API does not know your server">
          The API of the playground accepts only tokens of the built-in server: it will respond with 401 to those of{' '}
          {connection.issuer}. Enter the address of an API that accepts them. In your app, add that address to{' '}
          <Code>resources</Code>, or nothing is sent.
        </Alert>
      )}
      <Card title="Request">
        <Stack gap="xs">
          <TextInput label="Address" value={url} onChange={(event) => change({ url: event.currentTarget.value })} />
          {suggestions.map(({ url: suggestion, about }) => (
            <Group key={suggestion} gap={6}>
              <Button size="compact-xs" variant="default" ff="monospace" onClick={() => change({ url: suggestion })}>
                {suggestion}
              </Button>
              <Text size="xs" c="dimmed">
                {about}
              </Text>
            </Group>
          ))}
        </Stack>
        <ApiCall
          label="Call with token"
          url={url}
          send={authedFetch}
          isPrimary
          note={status === 'signed-out' ? 'Not signed in: there is no token to send.' : undefined}
        />
        <ApiCall label="Call without token" url={url} send={loggingFetch} />
      </Card>
      <SessionFaults actions={['expire', 'revoke']} />
      <SessionStory story={apiStory} />
      <CodeCard code={apiCode(url)} />
    </Page>
  )
}
