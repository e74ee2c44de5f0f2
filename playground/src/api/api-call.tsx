import { Button, Group, Text } from '@mantine/core'
import { PlugIcon } from '@primer/octicons-react/PlugIcon'
import { type ReactNode, useState } from 'react'
import { DiagnoseButton } from '../doctor/diagnose-button.js'
import type { Explanation } from '../faults/explanation.js'
import { ErrorAlert } from '../ui/error-alert.js'
import { useFocusOn } from '../ui/use-focus-on.js'
import { type ApiResponse, ApiResponseView } from './api-response.js'

interface ApiCallProps {
  readonly label: string
  readonly url: string
  readonly send: (input: string, init: RequestInit) => Promise<Response>
  readonly isPrimary?: boolean | undefined
  readonly note?: string | undefined
  /** Why the request fails, if the page simulates it. Without one, the error has a button that examines the server. */
  readonly failure?: Explanation | undefined
}

type CallState =
  | { readonly kind: 'idle' | 'waiting' }
  | { readonly kind: 'done'; readonly response: ApiResponse }
  | { readonly kind: 'failed'; readonly error: unknown }

/** A button that sends a request, and the response. */
export function ApiCall({ label, url, send, isPrimary = false, note, failure }: ApiCallProps): ReactNode {
  const [state, setState] = useState<CallState>({ kind: 'idle' })
  // The button is disabled during the request, so it loses the focus.
  const place = useFocusOn(state.kind === 'done' || state.kind === 'failed' ? state : undefined)
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
      <div ref={place} tabIndex={-1} className="outcome">
        <div role="status">{state.kind === 'done' && <ApiResponseView response={state.response} />}</div>
        {state.kind === 'failed' && (
          <ErrorAlert error={state.error} title="The request failed" explanation={failure}>
            {!failure && <DiagnoseButton />}
          </ErrorAlert>
        )}
      </div>
    </div>
  )
}
