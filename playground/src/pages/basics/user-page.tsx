import { Button, Collapse, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useOAuth, useUserInfo } from '@latchkey/react'
import { SyncIcon } from '@primer/octicons-react/SyncIcon'
import { type ReactNode, useId } from 'react'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { Card } from '../../ui/card.js'
import { ErrorAlert } from '../../ui/error-alert.js'
import { FieldList, type ListedField } from '../../ui/field-list.js'
import { Page } from '../../ui/page.js'

const noIdToken = 'This server sent no ID token: the sign-in was plain OAuth, without “openid” in the scope.'

/** Claims about the token and the sign-in, not about the person. */
const tokenClaims: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'auth_time', 'acr', 'amr', 'sid', 'at_hash', 'c_hash', 's_hash'],
])

export function UserPage(): ReactNode {
  return (
    <Page
      title="Who you are"
      lead="Facts about a user are called claims. The app has them from two places: the ID token, which is signed and came with the sign-in, and the server’s UserInfo endpoint, which can be asked at any time."
      specs={['OpenID Connect Core 1.0, section 2', 'OpenID Connect Core 1.0, section 5.3']}
    >
      <NeedsSignIn>
        <IdTokenCard />
        <UserInfoCard />
      </NeedsSignIn>
    </Page>
  )
}

function IdTokenCard(): ReactNode {
  const { claims } = useOAuth()
  const fields = fieldsOf(claims)
  return (
    <Card title="From the ID token" hint="useOAuth().claims: known at once, also after a reload and without a network.">
      <FieldList fields={fields.filter(({ name }) => !tokenClaims.has(name))} empty={noIdToken} />
      {claims && <TokenClaims fields={fields.filter(({ name }) => tokenClaims.has(name))} />}
    </Card>
  )
}

function TokenClaims({ fields }: { readonly fields: readonly ListedField[] }): ReactNode {
  const [isOpen, { toggle }] = useDisclosure()
  const id = useId()
  return (
    <div>
      <Button size="xs" variant="default" aria-expanded={isOpen} aria-controls={id} onClick={toggle}>
        {isOpen ? 'Hide' : 'Show'} what it says about itself
      </Button>
      <Collapse expanded={isOpen} id={id} mt="md">
        <FieldList fields={fields} />
      </Collapse>
    </div>
  )
}

function UserInfoCard(): ReactNode {
  const { data, error, isPending, isFetching, refetch } = useUserInfo()
  return (
    <Card
      title="From the UserInfo endpoint"
      hint="useUserInfo(): a TanStack Query result. The answer must be about the same user as the ID token."
      aside={
        <Button size="xs" variant="default" leftSection={<SyncIcon />} loading={isFetching} onClick={() => void refetch()}>
          Ask again
        </Button>
      }
    >
      {error ? (
        <ErrorAlert error={error} title="The server did not tell" />
      ) : isPending ? (
        <Skeleton h={120} role="status" aria-label="Asking the server" />
      ) : (
        <FieldList fields={fieldsOf(data)} />
      )}
      <Text size="xs" c="dimmed">
        Which claims there are depends on the scope: “profile” gives names, “email” the address.
      </Text>
    </Card>
  )
}

function fieldsOf(claims: Readonly<Record<string, unknown>> | undefined): readonly ListedField[] {
  return Object.entries(claims ?? {}).map(([name, value]) => ({ name, value }))
}
