import { Group, PasswordInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'

/** A client with a secret. Real apps must not have one in a page. */
export interface ConfidentialClient {
  readonly clientId: string
  readonly clientSecret: string
}

/** Registered at the built-in server. */
export const demoClient: ConfidentialClient = { clientId: 'demo-service', clientSecret: 'public-demo-secret-of-32-letters' }

interface ConfidentialClientFieldsProps {
  readonly client: ConfidentialClient
  readonly onChange: (client: ConfidentialClient) => void
}

/** Fields for client id and secret. */
export function ConfidentialClientFields({ client, onChange }: ConfidentialClientFieldsProps): ReactNode {
  return (
    <Group grow preventGrowOverflow={false} align="start">
      <TextInput
        label="Client ID"
        value={client.clientId}
        autoComplete="off"
        onChange={(event) => onChange({ ...client, clientId: event.currentTarget.value })}
      />
      <PasswordInput
        label="Client secret"
        value={client.clientSecret}
        autoComplete="off"
        onChange={(event) => onChange({ ...client, clientSecret: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the secret', tabIndex: 0 }}
      />
    </Group>
  )
}
