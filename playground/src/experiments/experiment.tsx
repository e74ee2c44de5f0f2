import { Badge, Button, Group, Text } from '@mantine/core'
import { PlayIcon } from '@primer/octicons-react/PlayIcon'
import type { ComponentType, ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import type { ExperimentRun } from './use-experiment.js'

/** Whether an app should use a flow today. */
export type Verdict = 'Recommended' | 'Needs server support' | 'Legacy' | 'Server-side only'

interface ExperimentProps<Result> {
  readonly title?: string | undefined
  readonly verdict?: Verdict | undefined
  /** When to use the flow, or why not. */
  readonly advice: ReactNode
  /** Options of the experiment. */
  readonly children?: ReactNode
  /** Label of the button. */
  readonly action: string
  readonly experiment: ExperimentRun<Result>
  readonly work: () => Promise<Result>
  /** Shows the result of a successful run. */
  readonly View: ComponentType<{ readonly result: Result }>
}

const verdictColors: Readonly<Record<Verdict, string>> = {
  Recommended: 'teal.9',
  'Needs server support': 'indigo.8',
  Legacy: 'red.9',
  'Server-side only': 'red.9',
}

/** Options, a button, and the result: tokens, or an error with a hint. */
export function Experiment<Result>(props: ExperimentProps<Result>): ReactNode {
  const { title = 'Try it', verdict, advice, children, action, experiment, work, View } = props
  const { state, run } = experiment
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
          <Card title="Result">
            <Text size="sm">The network log shows the messages, with the section that specifies each.</Text>
            <View result={state.result} />
          </Card>
        )}
      </div>
      {state.status === 'failed' && <ErrorAlert error={state.error} title={errorTitle(state.error)} />}
    </>
  )
}
