import { Alert, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Explanation } from '../faults/explanation.js'
import { ExplanationView } from '../faults/explanation-view.js'
import { hasFailed } from '../network-log/entry-outcome.js'
import { useNetworkLog } from '../network-log/use-network-log.js'
import { useFocusOn } from '../ui/use-focus-on.js'

interface PollFaultProps {
  readonly fault: Explanation | undefined
  /** The number of the attempt in the network log. */
  readonly run: number | undefined
}

/** Explains a fault that does not end the attempt, because the client polls again. */
export function PollFault({ fault, run }: PollFaultProps): ReactNode {
  const log = useNetworkLog()
  const isSeen = log.some((entry) => run !== undefined && entry.run === run && entry.alteration !== undefined && hasFailed(entry))
  const place = useFocusOn(isSeen || undefined)
  return (
    <div ref={place} tabIndex={-1} className="outcome" role="status">
      {isSeen && fault && (
        <Alert color="orange" title="The client polls again">
          <Text size="sm" mb="xs">
            The poll has failed. That says nothing about your decision, so the client waits and polls again, until the request
            expires.
          </Text>
          <ExplanationView of={fault} />
        </Alert>
      )}
    </div>
  )
}
