import { Badge, Button, Group } from '@mantine/core'
import { PlayIcon } from '@primer/octicons-react/PlayIcon'
import { type ComponentType, type ReactNode, useState } from 'react'
import { CodeCard } from '../code/code-card.js'
import type { Explanation } from '../faults/explanation.js'
import type { Fault } from '../faults/fault.js'
import { FaultSelect } from '../faults/fault-select.js'
import { HandledFault } from '../faults/handled-fault.js'
import type { FaultChoice } from '../faults/use-fault.js'
import { useNetworkLog } from '../network-log/use-network-log.js'
import type { Story } from '../story/story.js'
import type { AttemptOutcome } from '../story/story-progress.js'
import { StoryCard } from '../story/story-card.js'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import { useFocusOn } from '../ui/use-focus-on.js'
import type { ExperimentRun, ExperimentState } from './use-experiment.js'

/** Whether an app should use a flow today. */
export type Verdict = 'Recommended' | 'Needs server support' | 'Legacy' | 'Server-side only'

/** A fault, or what one of the options does. */
type ShownFault = Explanation & Partial<Pick<Fault, 'about'>>

interface ExperimentProps<Result> {
  readonly title?: string | undefined
  readonly verdict?: Verdict | undefined
  /** When to use the flow, or why not. */
  readonly advice: ReactNode
  /** Options of the experiment. */
  readonly children?: ReactNode
  /** Below the button: what the user has to do while the flow runs. */
  readonly during?: ReactNode
  /** Label of the button. */
  readonly action: string
  readonly experiment: ExperimentRun<Result>
  readonly work: () => Promise<Result>
  /** Shows the result of a successful run. */
  readonly View: ComponentType<{ readonly result: Result }>
  /** The flow, step by step. */
  readonly story?: Story | undefined
  /** A choice of what goes wrong. */
  readonly faults?: FaultChoice | undefined
  /** What goes wrong, if the choice is among `children`. */
  readonly fault?: ShownFault | undefined
  /** The code that does the same in an app. */
  readonly code?: string | undefined
}

const verdictColors: Readonly<Record<Verdict, string>> = {
  Recommended: 'teal.9',
  'Needs server support': 'indigo.8',
  Legacy: 'red.9',
  'Server-side only': 'red.9',
}

/** Options, a button, the result (tokens, or an error with a hint), the story of the flow, and its code. */
export function Experiment<Result>(props: ExperimentProps<Result>): ReactNode {
  const { title = 'Try it', verdict, advice, children, during, action, experiment, work, View, story, faults, code } = props
  const { state, run } = experiment
  // The result stays while the user chooses another fault.
  const [fault, setFault] = useState<ShownFault>()
  const start = (): void => {
    setFault(faults?.fault ?? props.fault)
    run(work)
  }
  const badge = verdict && (
    <Badge color={verdictColors[verdict]} tt="none">
      {verdict}
    </Badge>
  )
  return (
    <>
      <Card title={title} hint={advice} aside={badge}>
        {children}
        {faults && <FaultSelect choice={faults} />}
        <Group className="action">
          <Button leftSection={<PlayIcon />} loading={state.status === 'running'} onClick={start}>
            {action}
          </Button>
        </Group>
        {during}
      </Card>
      <Outcome state={state} View={View} fault={fault} />
      {story && <RunStory story={story} run={experiment.number} outcome={outcomes[state.status]} />}
      {code && <CodeCard code={code} />}
    </>
  )
}

interface OutcomeProps<Result> {
  readonly state: ExperimentState<Result>
  readonly View: ComponentType<{ readonly result: Result }>
  readonly fault: ShownFault | undefined
}

/** The result gets the focus, because it may be below the fold. */
function Outcome<Result>({ state, View, fault }: OutcomeProps<Result>): ReactNode {
  const place = useFocusOn(state.status === 'done' || state.status === 'failed' ? state : undefined)
  return (
    <div ref={place} tabIndex={-1} className="outcome">
      <div role="status">
        {state.status === 'done' && (
          <Card title="Result">
            {fault && <HandledFault fault={fault}>{fault.about}</HandledFault>}
            <View result={state.result} />
          </Card>
        )}
      </div>
      {state.status === 'failed' && <ErrorAlert error={state.error} title={errorTitle(state.error)} explanation={fault} />}
    </div>
  )
}

interface RunStoryProps {
  readonly story: Story
  /** The number of the run. */
  readonly run: number | undefined
  readonly outcome: AttemptOutcome
}

const outcomes = { idle: 'open', running: 'open', done: 'succeeded', failed: 'failed' } as const

function RunStory({ story, run, outcome }: RunStoryProps): ReactNode {
  const log = useNetworkLog()
  const entries = run === undefined ? [] : log.filter((entry) => entry.run === run)
  return <StoryCard story={story} entries={entries} outcome={outcome} />
}
