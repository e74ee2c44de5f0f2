import { Accordion, Badge, Group, Text, ThemeIcon } from '@mantine/core'
import { CheckIcon } from '@primer/octicons-react/CheckIcon'
import { XIcon } from '@primer/octicons-react/XIcon'
import { useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { FieldList } from '../ui/field-list.js'
import { SpecLink } from '../ui/spec-link.js'
import { useNetworkLog } from '../network-log/use-network-log.js'
import { signInProgress, type StepProgress } from './sign-in-steps.js'

/** Explains the sign-in step by step, with the real messages of the latest attempt. */
export function SignInGuide(): ReactNode {
  const entries = useNetworkLog()
  const { isSignedIn } = useOAuth()
  const progress = signInProgress(entries, isSignedIn)
  const hasStarted = progress.some(({ state }) => state !== 'open')
  return (
    <Card
      title={hasStarted ? 'What happened' : 'What will happen'}
      hint={hasStarted ? 'Open a step to see what was sent. Secrets are masked.' : 'Eight steps; most take a few milliseconds.'}
    >
      <Accordion variant="contained" radius="md" order={3} multiple>
        {progress.map((one, index) => (
          <Step key={one.step.id} progress={one} number={index + 1} />
        ))}
      </Accordion>
    </Card>
  )
}

function Step({ progress, number }: { readonly progress: StepProgress; readonly number: number }): ReactNode {
  const { step, state, entry } = progress
  return (
    <Accordion.Item value={step.id}>
      <Accordion.Control icon={<StepMark state={state} number={number} />}>
        <Group justify="space-between" gap="xs" pr="sm" wrap="nowrap">
          <Text size="sm" fw={600}>
            {step.title}
          </Text>
          {state === 'failed' && (
            <Badge flex="none" color="red.9">
              failed
            </Badge>
          )}
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Text size="sm">{step.explanation}</Text>
        <Text size="xs" c="dimmed" my="xs">
          Spec: <SpecLink citation={step.spec} />
        </Text>
        {entry && <FieldList fields={entry.kind === 'navigation' ? entry.sent : [...entry.sent, ...entry.received]} />}
      </Accordion.Panel>
    </Accordion.Item>
  )
}

const markColors = { done: 'green', failed: 'red', open: 'gray' } as const
const markNames = { done: 'done', failed: 'failed', open: 'not yet' } as const

function StepMark({ state, number }: { readonly state: StepProgress['state']; readonly number: number }): ReactNode {
  const content = { done: <CheckIcon size={14} />, failed: <XIcon size={14} />, open: number }[state]
  return (
    <ThemeIcon
      size={26}
      radius="xl"
      variant="light"
      color={markColors[state]}
      role="img"
      aria-label={`Step ${number}, ${markNames[state]}`}
    >
      {content}
    </ThemeIcon>
  )
}
