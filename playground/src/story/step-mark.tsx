import { ThemeIcon } from '@mantine/core'
import { CheckIcon } from '@primer/octicons-react/CheckIcon'
import { XIcon } from '@primer/octicons-react/XIcon'
import type { ReactNode } from 'react'
import type { StepProgress } from './story-progress.js'

const colors = { done: 'green', failed: 'red', open: 'gray' } as const
const names = { done: 'done', failed: 'failed', open: 'not yet' } as const

interface StepMarkProps {
  readonly state: StepProgress['state']
  readonly number: number
}

/** The number of a step, a check mark or a cross. */
export function StepMark({ state, number }: StepMarkProps): ReactNode {
  const content = { done: <CheckIcon size={14} />, failed: <XIcon size={14} />, open: number }[state]
  return (
    <ThemeIcon
      component="span"
      size={24}
      radius="xl"
      variant="light"
      color={colors[state]}
      role="img"
      aria-label={`Step ${number}, ${names[state]}`}
    >
      {content}
    </ThemeIcon>
  )
}
