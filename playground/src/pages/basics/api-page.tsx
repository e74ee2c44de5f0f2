import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useAuthedFetch, useOAuth } from '@latchkey/react'
import { type ReactNode, useState } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { Card } from '../../ui/card.js'
import { Page } from '../../ui/page.js'
import { loggingFetch } from '../../network-log/logging-fetch.js'

const suggestions = [
  { url: '/api/me', about: 'wants any token' },
  { url: '/api/admin', about: 'wants “admin” in its scope' },
  { url: 'https://api.example.com/', about: 'is not on this app’s list: nothing is sent' },
]

export function ApiPage(): ReactNode {
  const { isSignedIn } = useOAuth()
  const authedFetch = useAuthedFetch()
  const [url, setUrl] = useState('/api/me')
  return (
    <Page
      title="Call an API"
      lead="An API that wants a token answers 401 without one. useAuthedFetch() is fetch with the right token put in, a fresh one if need be, and sent only to the addresses the app has named."
      specs={['RFC 6750, section 2.1', 'RFC 6750, section 3']}
    >
      <Card title="The request">
        <Stack gap="xs">
          <TextInput label="Address" value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
          {suggestions.map(({ url: suggestion, about }) => (
            <Group key={suggestion} gap={6}>
              <Button size="compact-xs" variant="default" ff="monospace" onClick={() => setUrl(suggestion)}>
                {suggestion}
              </Button>
              <Text size="xs" c="dimmed">
                {about}
              </Text>
            </Group>
          ))}
        </Stack>
        <ApiCall
          label="Call with the token"
          url={url}
          send={authedFetch}
          isPrimary
          note={isSignedIn ? undefined : 'Nobody is signed in: there is no token to send.'}
        />
        <ApiCall label="Call without it" url={url} send={loggingFetch} />
      </Card>
    </Page>
  )
}
