import { Badge, Button, Group, Text } from '@mantine/core'
import { PlayIcon } from '@primer/octicons-react/PlayIcon'
import type { ComponentType, ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { ErrorAlert } from '../ui/error-alert.js'
import type { ExperimentRun } from './use-experiment.js'

/** What the specifications and practice say of a flow today. */
export type Verdict = 'for everybody' | 'where the server has it' | 'legacy' | 'not for pages'

interface ExperimentProps<Result> {
  readonly title?: string
  readonly verdict?: Verdict
  /** When to use it, or why not. */
  readonly advice: ReactNode
  /** Options to choose before. */
  readonly children?: ReactNode
  readonly action: string
  readonly lab: ExperimentRun<Result>
  readonly work: () => Promise<Result>
  readonly View: ComponentType<{ readonly result: Result }>
}

const verdictColors: Readonly<Record<Verdict, string>> = {
  'for everybody': 'teal.9',
  'where the server has it': 'indigo.8',
  legacy: 'red.9',
  'not for pages': 'red.9',
}

/** Options, a button, and what came of it: tokens or an error with its cure. */
export function Experiment<Result>(props: ExperimentProps<Result>): ReactNode {
  const { title = 'Try it', verdict, advice, children, action, lab, work, View } = props
  const { state, run } = lab
  return (
    <>
      <Card
        title={title}
        hint={advice}
        aside={
          verdict && (
            <Badge color={verdictColors[verdict]} tt="none">
              {verdict}
            </Badge>
          )
        }
      >
        {children}
        <Group>
          <Button leftSection={<PlayIcon />} loading={state.status === 'running'} onClick={() => run(work)}>
            {action}
          </Button>
        </Group>
      </Card>
      <div role="status">
        {state.status === 'done' && (
          <Card title="What came of it">
            <Text size="sm">The messages are on the wire log, with the section that each rests on.</Text>
            <View result={state.result} />
          </Card>
        )}
      </div>
      {state.status === 'failed' && <ErrorAlert error={state.error} title="That did not work" />}
    </>
  )
}
