import { Alert, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Explanation } from './explanation.js'
import { ExplanationView } from './explanation-view.js'

interface HandledFaultProps {
  readonly fault: Explanation
  /** What happened, in one or two sentences. */
  readonly children?: ReactNode
}

/** A fault that caused no error: what it changed, and what happened then. */
export function HandledFault({ fault, children }: HandledFaultProps): ReactNode {
  return (
    <Alert color="orange" role="note" title="What the fault did">
      {children && (
        <Text size="sm" mb="xs">
          {children}
        </Text>
      )}
      <ExplanationView of={fault} />
    </Alert>
  )
}
