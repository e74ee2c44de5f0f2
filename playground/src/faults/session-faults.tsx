import { Button, Stack, Text } from '@mantine/core'
import { useOAuth } from '@latchkey/react'
import { ZapIcon } from '@primer/octicons-react/ZapIcon'
import { type ReactNode, useState } from 'react'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import { useFocusOn } from '../ui/use-focus-on.js'
import { HandledFault } from './handled-fault.js'
import { type SessionFault, type SessionFaultId, sessionFaults } from './session-fault-list.js'

interface Outcome {
  readonly fault: SessionFault
  readonly text?: string | undefined
  readonly error?: unknown
}

interface SessionFaultsProps {
  readonly actions: readonly SessionFaultId[]
  /** Which session the buttons break. Default: that of the playground. */
  readonly hint?: string | undefined
}

/** Buttons that break the app's own session, and what the client did about it. */
export function SessionFaults({
  actions,
  hint = 'These buttons affect the session of the playground.',
}: SessionFaultsProps): ReactNode {
  const { client, isSignedIn } = useOAuth()
  const [running, setRunning] = useState<SessionFaultId>()
  const [outcome, setOutcome] = useState<Outcome>()
  const run = (fault: SessionFault): void => {
    setRunning(fault.id)
    fault
      .run(client)
      .then(
        (text) => setOutcome({ fault, text }),
        (error: unknown) => setOutcome({ fault, error }),
      )
      .finally(() => setRunning(undefined))
  }
  const offered = sessionFaults.filter(({ id }) => actions.includes(id))
  const isBlocked = !isSignedIn && offered.some(({ needsSession }) => needsSession)
  return (
    <Card title="Break it" hint={isBlocked ? `${hint} Those that are disabled need a session: sign in first.` : hint}>
      {offered.map((fault) => (
        <Stack key={fault.id} gap={6} align="start">
          <Button
            variant="default"
            leftSection={<ZapIcon />}
            disabled={fault.needsSession && !isSignedIn}
            loading={running === fault.id}
            onClick={() => run(fault)}
          >
            {fault.label}
          </Button>
          <Text size="sm" c="dimmed">
            {fault.about}
          </Text>
        </Stack>
      ))}
      <OutcomeView outcome={outcome} />
    </Card>
  )
}

function OutcomeView({ outcome }: { readonly outcome: Outcome | undefined }): ReactNode {
  const place = useFocusOn(outcome)
  return (
    <div ref={place} tabIndex={-1} className="outcome">
      <div role="status">{outcome?.text !== undefined && <HandledFault fault={outcome.fault}>{outcome.text}</HandledFault>}</div>
      {outcome?.error !== undefined && (
        <ErrorAlert error={outcome.error} title={errorTitle(outcome.error)} explanation={outcome.fault} />
      )}
    </div>
  )
}
