import { Badge, Button, Code, Group, Text, TextInput } from '@mantine/core'
import { useAuthedFetch, useOAuth } from '@latchkey/react'
import { PlugIcon } from '@primer/octicons-react/PlugIcon'
import { type ReactNode, useState } from 'react'
import { Card } from '../ui/card.js'
import { ErrorAlert } from '../ui/error-alert.js'
import { Page } from '../ui/page.js'
import { watchedFetch } from '../wire/watched-fetch.js'

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
      <Card title="The request" hint="/api/me wants any token, /api/admin wants one with “admin” in its scope. An address elsewhere is refused before anything is sent.">
        <TextInput label="Address" value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
        <Call label="Call with the token" url={url} send={authedFetch} isPrimary note={isSignedIn ? undefined : 'Nobody is signed in, so there is no token to send.'} />
        <Call label="Call without it" url={url} send={watchedFetch} />
      </Card>
    </Page>
  )
}

interface CallProps {
  readonly label: string
  readonly url: string
  readonly send: typeof fetch
  readonly isPrimary?: boolean
  readonly note?: string | undefined
}

type CallState =
  | { readonly kind: 'idle' | 'waiting' }
  | { readonly kind: 'answer'; readonly status: number; readonly challenge: string | null; readonly body: string }
  | { readonly kind: 'error'; readonly error: unknown }

function Call({ label, url, send, isPrimary = false, note }: CallProps): ReactNode {
  const [state, setState] = useState<CallState>({ kind: 'idle' })
  const run = async (): Promise<void> => {
    setState({ kind: 'waiting' })
    try {
      const response = await send(url, { headers: { accept: 'application/json' } })
      const challenge = response.headers.get('www-authenticate')
      setState({ kind: 'answer', status: response.status, challenge, body: pretty(await response.text()) })
    } catch (error) {
      setState({ kind: 'error', error })
    }
  }
  return (
    <div>
      <Group gap="sm" mb={state.kind === 'idle' ? 0 : 'sm'}>
        <Button
          variant={isPrimary ? 'filled' : 'default'}
          leftSection={<PlugIcon />}
          loading={state.kind === 'waiting'}
          onClick={() => void run()}
        >
          {label}
        </Button>
        {note && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
      </Group>
      <div role="status">{state.kind === 'answer' && <Answer {...state} />}</div>
      {state.kind === 'error' && <ErrorAlert error={state.error} title="No request was answered" />}
    </div>
  )
}

function Answer({ status, challenge, body }: { readonly status: number; readonly challenge: string | null; readonly body: string }): ReactNode {
  return (
    <>
      <Group gap="xs" mb="xs">
        <Badge color={status < 400 ? 'green' : 'red'}>{status}</Badge>
        <Text size="sm">{status < 400 ? 'The API answered.' : 'The API refused.'}</Text>
      </Group>
      {challenge && (
        <Text size="xs" c="dimmed" mb="xs">
          It says what it wants: <Code className="secret">WWW-Authenticate: {challenge}</Code>
        </Text>
      )}
      {body && (
        <Code block tabIndex={0} aria-label="The answer">
          {body}
        </Code>
      )}
    </>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text.slice(0, 2000)
  }
}
