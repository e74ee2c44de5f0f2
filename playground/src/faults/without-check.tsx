import { List, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Fault } from './fault.js'

/** What the check compares, and what the chosen fault would do if nothing checked for it; nothing without a fault. */
export function WithoutCheck({ fault }: { readonly fault: Fault | undefined }): ReactNode {
  return (
    fault && (
      <>
        {fault.compared && (
          <List size="sm" listStyleType="none" spacing={2}>
            <List.Item>
              <b>Expected:</b> {fault.compared.expected}
            </List.Item>
            <List.Item>
              <b>Received:</b> {fault.compared.received}
            </List.Item>
          </List>
        )}
        <Text size="sm">
          <b>Without this check:</b> {fault.withoutCheck}
        </Text>
      </>
    )
  )
}
