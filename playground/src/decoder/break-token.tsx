import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { changeToken, type TokenChange, tokenChanges } from './token-changes.js'

interface BreakTokenProps {
  readonly token: string
  /** Called with the changed token. */
  readonly onChange: (token: string) => void
}

/** Changes the token as an attacker would. */
export function BreakToken({ token, onChange }: BreakTokenProps): ReactNode {
  return (
    <div role="group" aria-label="Break it">
      <Text size="sm" fw={600} mb="xs">
        Break it, and see which check fails
      </Text>
      <Group gap="xs">
        {(Object.keys(tokenChanges) as TokenChange[]).map((change) => (
          <Button key={change} size="xs" variant="default" onClick={() => void changeToken(token, change).then(onChange)}>
            {tokenChanges[change]}
          </Button>
        ))}
      </Group>
    </div>
  )
}
