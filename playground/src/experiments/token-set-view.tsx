import { Badge, Button, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { AccessToken, TokenSet } from '@latchkey/core'
import { type ReactNode, useId } from 'react'
import { displayName } from '../session/display-name.js'
import { FieldList } from '../ui/field-list.js'
import { Secret } from '../ui/secret.js'
import { TokenView } from '../ui/token-view.js'
import { fieldsOfJson } from '../network-log/masked-fields.js'

/** All members of a token response, masked, decoded on demand. */
export function TokenSetView({ result }: { readonly result: TokenSet }): ReactNode {
  const { accessToken, claims, idToken, refreshToken, response } = result
  return (
    <Stack gap="lg">
      {claims && (
        <Text>
          Signed in as <b>{displayName(claims)}</b>
        </Text>
      )}
      {accessToken ? <AccessTokenPart token={result} /> : <Absent name="access token" />}
      {idToken ? (
        <Part title="ID token">
          <TokenView name="ID token" token={idToken} />
        </Part>
      ) : (
        <Absent name="ID token" />
      )}
      {refreshToken ? (
        <Part title="Refresh token">
          <Secret name="refresh token" value={refreshToken} />
        </Part>
      ) : (
        <Absent name="refresh token" />
      )}
      <RawResponse response={response} />
    </Stack>
  )
}

function AccessTokenPart({ token }: { readonly token: AccessToken }): ReactNode {
  const { accessToken, tokenType, scope, expiresAt } = token
  return (
    <Part
      title="Access token"
      aside={
        <Badge variant="default" tt="none">
          {tokenType}
        </Badge>
      }
    >
      <TokenView name="access token" token={accessToken} />
      <Text size="sm" mt="xs">
        {scope && `Scope: ${scope}. `}
        {expiresAt !== undefined && `Expires at ${new Date(expiresAt * 1000).toLocaleTimeString()}.`}
      </Text>
    </Part>
  )
}

interface PartProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}

function Part({ title, aside, children }: PartProps): ReactNode {
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h6">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </div>
  )
}

function Absent({ name }: { readonly name: string }): ReactNode {
  return (
    <Text size="sm" c="dimmed">
      This flow returned no {name}.
    </Text>
  )
}

function RawResponse({ response }: { readonly response: TokenSet['response'] }): ReactNode {
  const [isOpen, { toggle }] = useDisclosure()
  const id = useId()
  return (
    <div>
      <Button size="xs" variant="default" aria-expanded={isOpen} aria-controls={id} onClick={toggle}>
        {isOpen ? 'Hide' : 'Show'} the raw response
      </Button>
      <Collapse expanded={isOpen} id={id} mt="md">
        <FieldList fields={fieldsOfJson(response)} />
      </Collapse>
    </div>
  )
}
