import { Radio, Stack } from '@mantine/core'
import type { ReactNode } from 'react'

/** One value of a choice. */
export interface ChoiceOption<Value extends string> {
  readonly value: Value
  /** Default: the value. */
  readonly label?: string | undefined
  /** Explains the value in one sentence. */
  readonly about?: string | undefined
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly options: readonly ChoiceOption<Value>[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}

/** Radio buttons with an explanation of each value. */
export function Choice<Value extends string>({ label, options, value, onChange }: ChoiceProps<Value>): ReactNode {
  const choose = (chosen: string): void => {
    const option = options.find((candidate) => candidate.value === chosen)
    if (option) onChange(option.value)
  }
  return (
    <Radio.Group label={label} value={value} onChange={choose}>
      <Stack gap="xs" mt="xs">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} label={option.label ?? option.value} description={option.about} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
