import { Alert, Button, Code, Group, Text } from '@mantine/core'
import type { Credentials } from '@latchkey/oauth1'
import type { ReactNode } from 'react'
import { useExperiment } from '../experiments/use-experiment.js'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import { ExchangeView, isPlaintext } from './exchange-view.js'
import type { Settings } from './settings.js'
import { tamper, type TamperedExchange, type TamperingName, tamperings } from './tamperings.js'

interface TamperingCardProps {
  readonly settings: Settings
  /** Undefined before step 3. */
  readonly token: Credentials | undefined
}

/** Buttons that change a signed request on its way, and what the API says to it. */
export function TamperingCard({ settings, token }: TamperingCardProps): ReactNode {
  const { state, run } = useExperiment<TamperedExchange>()
  return (
    <Card
      title="Tamper with the request"
      hint={
        token
          ? 'Each button signs the request of step 4, changes one part of it on its way to the API, and sends it.'
          : 'Available after step 3.'
      }
    >
      <Group gap="xs">
        {(Object.keys(tamperings) as TamperingName[]).map((name) => (
          <Button
            key={name}
            size="xs"
            variant="default"
            disabled={!token || state.status === 'running'}
            onClick={() => token && run(() => tamper(name, settings, token))}
          >
            {tamperings[name].label}
          </Button>
        ))}
      </Group>
      <div role="status">{state.status === 'done' && <Outcome result={state.result} />}</div>
      {state.status === 'failed' && <ErrorAlert error={state.error} title={errorTitle(state.error)} />}
    </Card>
  )
}

function Outcome({ result: { name, sent, mark } }: { readonly result: TamperedExchange }): ReactNode {
  const { label, without } = tamperings[name]
  const isRefused = sent.status >= 400
  return (
    <>
      {/* The alert's own color of a title is too pale. */}
      <Alert
        color={isRefused ? 'teal' : 'red'}
        title={
          <Text span inherit c="var(--mantine-color-text)">
            {label}: {isRefused ? 'refused' : 'accepted'}
          </Text>
        }
        mb="lg"
      >
        {isRefused ? (
          <Text size="sm">
            The API refused the request with the code <Code>{codeOf(sent.body)}</Code>. Without this check, {without}
          </Text>
        ) : (
          <Text size="sm">
            The API accepted the changed request{isPlaintext(sent.request) && ': PLAINTEXT does not sign it'}, so {without}
          </Text>
        )}
      </Alert>
      <ExchangeView exchange={sent} mark={mark} level={3} />
    </>
  )
}

function codeOf(body: string): string {
  const { error } = JSON.parse(body) as { readonly error?: string }
  return error ?? 'unknown'
}
