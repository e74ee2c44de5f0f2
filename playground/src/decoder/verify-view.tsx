import { Alert, List, Text, ThemeIcon } from '@mantine/core'
import { CheckIcon } from '@primer/octicons-react/CheckIcon'
import { DashIcon } from '@primer/octicons-react/DashIcon'
import { XIcon } from '@primer/octicons-react/XIcon'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { SpecLink } from '../ui/spec-link.js'
import type { VerifyStep } from './verify-steps.js'

const looks = {
  passed: { icon: <CheckIcon size={14} />, color: 'green', name: 'Passed' },
  failed: { icon: <XIcon size={14} />, color: 'red', name: 'Failed' },
  skipped: { icon: <DashIcon size={14} />, color: 'gray', name: 'Skipped' },
} as const

/** The result of a verification, step by step. */
export function VerifyView({ steps }: { readonly steps: readonly VerifyStep[] }): ReactNode {
  // A skipped check has nothing to check, or follows one that failed.
  const isValid = steps.every(({ state }) => state !== 'failed')
  return (
    <Card title="Verification">
      <Alert role="note" color={isValid ? 'green' : 'red'} title={isValid ? 'The token is valid' : 'The token must be rejected'}>
        {isValid ? 'No check has failed.' : 'One failed check is enough.'}
      </Alert>
      <List listStyleType="none" spacing="sm">
        {steps.map(({ title, state, detail, spec, withoutCheck }) => (
          <List.Item
            key={title}
            icon={
              <ThemeIcon
                size={24}
                radius="xl"
                variant="light"
                color={looks[state].color}
                role="img"
                aria-label={looks[state].name}
              >
                {looks[state].icon}
              </ThemeIcon>
            }
          >
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {detail}
            </Text>
            {state === 'failed' && (
              <Text size="sm">
                <b>Without this check:</b> {withoutCheck}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              Spec: <SpecLink citation={spec} />
            </Text>
          </List.Item>
        ))}
      </List>
    </Card>
  )
}
