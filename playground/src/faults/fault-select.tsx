import { Select, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type FaultChoice, NO_FAULT } from './use-fault.js'

/** Lets the user break the flow of a page. */
export function FaultSelect({ choice: { faults, fault, id, choose } }: { readonly choice: FaultChoice }): ReactNode {
  const options = [{ value: NO_FAULT, label: 'Nothing goes wrong' }, ...faults.map(({ id: value, label }) => ({ value, label }))]
  return (
    <div>
      <Select
        label="Break it"
        data={options}
        value={id}
        allowDeselect={false}
        maw="24rem"
        onChange={(next) => choose(next ?? NO_FAULT)}
      />
      {fault && (
        <Text size="sm" c="dimmed" mt={4}>
          {fault.about}
        </Text>
      )}
    </div>
  )
}
