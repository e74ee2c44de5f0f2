import './sequence-diagram.css'
import { Badge, Collapse, Group, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ChevronDownIcon } from '@primer/octicons-react/ChevronDownIcon'
import { type CSSProperties, type ReactNode, useId } from 'react'
import type { LogEntry } from '../network-log/log-entry.js'
import { AlteredBadge } from '../ui/altered-badge.js'
import { FieldList } from '../ui/field-list.js'
import { SpecLink } from '../ui/spec-link.js'
import { channelNotes, channelOf } from './channel.js'
import { ChannelLegend } from './channel-legend.js'
import { stepPath } from './lanes.js'
import { parties } from './parties.js'
import { StepMark } from './step-mark.js'
import type { Party, Story, StoryStep } from './story.js'
import type { StepProgress } from './story-progress.js'

interface SequenceDiagramProps {
  readonly story: Story
  /** The state of each step of the story. */
  readonly progress: readonly StepProgress[]
}

/**
 * The steps of a flow as arrows between its parties. An arrow is dashed until its message was seen. Each step opens its explanation and
 * the fields of its messages. For a screen reader it is a list of buttons.
 */
export function SequenceDiagram({ story, progress }: SequenceDiagramProps): ReactNode {
  return (
    <div className="sequence" style={{ '--parties': story.parties.length } as CSSProperties}>
      {story.steps.some(({ via }) => via) && <ChannelLegend />}
      <div className="sequence-parties" aria-hidden>
        {story.parties.map((party) => (
          <span key={party} className="sequence-party">
            {parties[party].icon}
            {parties[party].name}
          </span>
        ))}
      </div>
      <ol className="sequence-steps">
        {progress.map((one, index) => (
          <Step key={one.step.id} progress={one} number={index + 1} columns={story.parties} />
        ))}
      </ol>
    </div>
  )
}

interface StepProps {
  readonly progress: StepProgress
  readonly number: number
  readonly columns: readonly Party[]
}

function Step({ progress, number, columns }: StepProps): ReactNode {
  const { step, state, entries } = progress
  const [isOpen, { toggle }] = useDisclosure()
  const id = useId()
  const channel = channelOf(step)
  const alteration = entries.find((entry) => entry.alteration !== undefined)?.alteration
  return (
    <li>
      <UnstyledButton className="sequence-step" aria-expanded={isOpen} aria-controls={id} onClick={toggle}>
        <span className="sequence-label">
          <StepMark state={state} number={number} />
          <Text component="span" size="sm" fw={600} className="sequence-title">
            {step.title}
          </Text>
          <StepBadges state={state} isAltered={alteration !== undefined} count={entries.length} />
          <ChevronDownIcon className="sequence-chevron" />
        </span>
        <Arrow step={progress} columns={columns} isAltered={alteration !== undefined} />
      </UnstyledButton>
      <Collapse expanded={isOpen} id={id} className="sequence-details" keepMounted={false}>
        <Text size="sm">{step.explanation}</Text>
        {channel && (
          <Text size="sm" mt="xs">
            {channelNotes[channel]}
          </Text>
        )}
        {alteration && (
          <Text size="sm" mt="xs" className="sequence-alteration">
            <b>Altered by the fault:</b> {alteration}
          </Text>
        )}
        <Text size="xs" c="dimmed" my="xs">
          Spec: <SpecLink citation={step.spec} />
        </Text>
        <Message entry={entries.at(-1)} />
      </Collapse>
    </li>
  )
}

interface StepBadgesProps {
  readonly state: StepProgress['state']
  readonly isAltered: boolean
  readonly count: number
}

function StepBadges({ state, isAltered, count }: StepBadgesProps): ReactNode {
  return (
    <Group component="span" gap={4} justify="flex-end" className="sequence-badges">
      {count > 1 && (
        <Badge component="span" variant="default" tt="none">
          {count} times
        </Badge>
      )}
      {isAltered && <AlteredBadge />}
      {state === 'failed' && (
        <Badge component="span" color="red.9">
          failed
        </Badge>
      )}
    </Group>
  )
}

interface ArrowProps {
  readonly step: StepProgress
  readonly columns: readonly Party[]
  readonly isAltered: boolean
}

/**
 * From the middle of one column to the middle of another; a dot for a step inside one party. A message of the front channel stops in the
 * lane of the browser; one that passes a lane jumps over it.
 */
function Arrow({ step: { step, state, entries }, columns, isAltered }: ArrowProps): ReactNode {
  const { segments, stop, passed } = stepPath(step, columns)
  const look = { 'data-state': state, 'data-altered': isAltered || undefined }
  return (
    <span className="sequence-lane">
      {segments.map(({ start, span, direction }, index) => (
        <span
          key={index}
          className="sequence-arrow"
          data-direction={direction}
          data-stops={index === 0 && stop !== undefined ? true : undefined}
          style={{ '--start': start, '--span': span } as CSSProperties}
          {...look}
        />
      ))}
      {passed.map((column) => (
        <span key={column} className="sequence-pass" style={{ '--at': column } as CSSProperties} {...look} />
      ))}
      {stop !== undefined && <span className="sequence-stop" style={{ '--at': stop } as CSSProperties} {...look} />}
      <span className="visually-hidden">
        {pathText(step)}
        {entries.length > 0 && ' Shows the message.'}
      </span>
    </span>
  )
}

function pathText({ from, to, via }: StoryStep): string {
  if (from === to) return `Inside: ${parties[from].name}.`
  return `From ${parties[from].name}${via ? ` through ${parties[via].name}` : ''} to ${parties[to].name}.`
}

/** The fields of the last message of a step. */
function Message({ entry }: { readonly entry: LogEntry | undefined }): ReactNode {
  if (!entry) return undefined
  return (
    <>
      <Fields title="Sent" fields={entry.sent} />
      <Fields title={entry.status === undefined ? 'Received' : `Received, status ${entry.status}`} fields={entry.received} />
      {entry.failure && (
        <Text size="sm" mt="sm">
          {entry.wasAborted ? 'The app aborted the request.' : `No response: ${entry.failure}`}
        </Text>
      )}
    </>
  )
}

function Fields({ title, fields }: { readonly title: string; readonly fields: LogEntry['sent'] }): ReactNode {
  if (fields.length === 0) return undefined
  return (
    <>
      <Text size="xs" fw={700} mt="sm" mb={4}>
        {title}
      </Text>
      <FieldList fields={fields} />
    </>
  )
}
