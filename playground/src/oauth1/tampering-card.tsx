import { Alert, Button, Code, Group, Text } from '@mantine/core'
import type { Credentials } from '@latchkey/oauth1'
import type { ReactNode } from 'react'
import { useExperiment } from '../experiments/use-experiment.js'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import { FactList } from '../ui/fact-list.js'
import { SpecLink } from '../ui/spec-link.js'
import { useFocusOn } from '../ui/use-focus-on.js'
import { ExchangeView, isPlaintext } from './exchange-view.js'
import type { Settings } from './settings.js'
import { explanationOf, tamper, type TamperedExchange, type TamperingName, tamperings } from './tamperings.js'

interface TamperingCardProps {
  readonly settings: Settings
  /** Undefined before step 3. */
  readonly token: Credentials | undefined
}

/** Buttons that change a signed request on its way, and what the API says to it. */
export function TamperingCard({ settings, token }: TamperingCardProps): ReactNode {
  const { state, run } = useExperiment<TamperedExchange>()
  const place = useFocusOn(state.status === 'done' || state.status === 'failed' ? state : undefined)
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
      <div ref={place} tabIndex={-1} className="outcome">
        <div role="status">{state.status === 'done' && <Outcome result={state.result} />}</div>
        {state.status === 'failed' && <ErrorAlert error={state.error} title={errorTitle(state.error)} />}
      </div>
    </Card>
  )
}

function Outcome({ result: { name, sent, mark } }: { readonly result: TamperedExchange }): ReactNode {
  const isRefused = sent.status >= 400
  const { expected, received, rule, withoutCheck } = explanationOf(name)
  return (
    <>
      {/* The alert's own color of a title is too pale. */}
      <Alert
        color={isRefused ? 'teal' : 'red'}
        title={
          <Text span inherit c="var(--mantine-color-text)">
            {tamperings[name].label}: {isRefused ? 'refused' : 'accepted'}
          </Text>
        }
        mb="lg"
      >
        <FactList
          facts={[
            ['The API said', isRefused ? <Code key="code">{codeOf(sent.body)}</Code> : `status ${sent.status}`],
            ['Expected', expected],
            ['Received', received],
            ['Rule', <SpecLink key="rule" citation={rule} />],
            ['Why it was accepted', !isRefused && isPlaintext(sent.request) && 'PLAINTEXT does not sign it.'],
            [isRefused ? 'Without this check' : 'So this can happen', withoutCheck],
          ]}
        />
      </Alert>
      <ExchangeView exchange={sent} mark={mark} level={3} />
    </>
  )
}

function codeOf(body: string): string {
  const { error } = JSON.parse(body) as { readonly error?: string }
  return error ?? 'unknown'
}
