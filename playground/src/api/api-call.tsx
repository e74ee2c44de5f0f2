import { Button, Group, Text } from '@mantine/core'
import { PlugIcon } from '@primer/octicons-react/PlugIcon'
import { type ReactNode, useState } from 'react'
import { DiagnoseButton } from '../doctor/diagnose-button.js'
import { ErrorAlert } from '../ui/error-alert.js'
import { type ApiResponse, ApiResponseView } from './api-response.js'

interface ApiCallProps {
  readonly label: string
  readonly url: string
  readonly send: (input: string, init: RequestInit) => Promise<Response>
  readonly isPrimary?: boolean | undefined
  readonly note?: string | undefined
}

type CallState =
  | { readonly kind: 'idle' | 'waiting' }
  | { readonly kind: 'done'; readonly response: ApiResponse }
  | { readonly kind: 'failed'; readonly error: unknown }

/** A button that sends a request, and the response. */
export function ApiCall({ label, url, send, isPrimary = false, note }: ApiCallProps): ReactNode {
  const [state, setState] = useState<CallState>({ kind: 'idle' })
  const run = async (): Promise<void> => {
    setState({ kind: 'waiting' })
    try {
      const response = await send(url, { headers: { accept: 'application/json' } })
      const challenge = response.headers.get('www-authenticate') ?? undefined
      setState({ kind: 'done', response: { status: response.status, challenge, body: await response.text() } })
    } catch (error) {
      setState({ kind: 'failed', error })
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
      <div role="status">{state.kind === 'done' && <ApiResponseView response={state.response} />}</div>
      {state.kind === 'failed' && (
        <ErrorAlert error={state.error} title="The request failed">
          <DiagnoseButton />
        </ErrorAlert>
      )}
    </div>
  )
}
