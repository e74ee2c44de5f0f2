import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Fault } from './fault.js'

/** What the chosen fault would do if nothing checked for it; nothing without a fault. */
export function WithoutCheck({ fault }: { readonly fault: Fault | undefined }): ReactNode {
  return (
    fault && (
      <Text size="sm">
        <b>Without this check:</b> {fault.withoutCheck}
      </Text>
    )
  )
}
