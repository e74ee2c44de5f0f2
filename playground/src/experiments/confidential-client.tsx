import { Group, PasswordInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'

/** A client that has a secret. The built-in server knows this one; a page should know none. */
export interface ConfidentialClient {
  readonly clientId: string
  readonly clientSecret: string
}

export const demoClient: ConfidentialClient = { clientId: 'demo-service', clientSecret: 'a-secret-that-everybody-may-know' }

interface ConfidentialClientFieldsProps {
  readonly client: ConfidentialClient
  readonly onChange: (client: ConfidentialClient) => void
}

export function ConfidentialClientFields({ client, onChange }: ConfidentialClientFieldsProps): ReactNode {
  return (
    <Group grow preventGrowOverflow={false} align="start">
      <TextInput
        label="Client id"
        value={client.clientId}
        autoComplete="off"
        onChange={(event) => onChange({ ...client, clientId: event.currentTarget.value })}
      />
      <PasswordInput
        label="Client secret"
        value={client.clientSecret}
        autoComplete="off"
        onChange={(event) => onChange({ ...client, clientSecret: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the secret' }}
      />
    </Group>
  )
}
