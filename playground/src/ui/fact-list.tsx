import { List } from '@mantine/core'
import type { ReactNode } from 'react'

/** A label and what it says. A fact without a value is not shown. */
export type Fact = readonly [label: string, value: ReactNode]

/** Labelled facts, one below the other. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <List size="sm" listStyleType="none" spacing={2}>
      {facts.map(
        ([label, value]) =>
          value && (
            <List.Item key={label}>
              <b>{label}:</b> {value}
            </List.Item>
          ),
      )}
    </List>
  )
}
