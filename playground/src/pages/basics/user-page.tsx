import { Button, Collapse, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useOAuth, useUserInfo } from '@latchkey/react'
import { SyncIcon } from '@primer/octicons-react/SyncIcon'
import { type ReactNode, useId } from 'react'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { Card } from '../../ui/card.js'
import { DiagnoseButton } from '../../doctor/diagnose-button.js'
import { ErrorAlert } from '../../ui/error-alert.js'
import { FieldList, type ListedField } from '../../ui/field-list.js'
import { CodeCard } from '../../code/code-card.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { userCode } from '../../code/hook-samples.js'
import { SessionStory } from '../../story/session-story.js'
import { userInfoStory } from '../../story/stories/session-stories.js'
import { Page } from '../../ui/page.js'

const NO_ID_TOKEN = 'No ID token: the scope of the sign-in did not include “openid”.'

/** Claims about the token and the sign-in, not about the user. */
const tokenClaims: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'auth_time', 'acr', 'amr', 'sid', 'at_hash', 'c_hash', 's_hash'],
])

const preview = [
  { name: 'sub', value: 'ada' },
  { name: 'name', value: 'Ada Lovelace' },
  { name: 'email', value: 'ada@example.com' },
]

export function UserPage(): ReactNode {
  return (
    <Page
      title="User"
      lead="Facts about a user are called claims. The app gets them from two sources: the signed ID token of the sign-in, and the server’s UserInfo endpoint, which it can call at any time."
      specs={['OpenID Connect Core 1.0, section 2', 'OpenID Connect Core 1.0, section 5.3']}
    >
      <NeedsSignIn preview={preview}>
        <IdTokenCard />
        <UserInfoCard />
      </NeedsSignIn>
      <SessionFaults actions={['expire', 'revoke']} />
      <SessionStory story={userInfoStory} />
      <CodeCard code={userCode} />
    </Page>
  )
}

function IdTokenCard(): ReactNode {
  const { claims } = useOAuth()
  const fields = fieldsOf(claims)
  return (
    <Card title="From the ID token" hint="useOAuth().claims: available at once, also after a reload and offline.">
      <FieldList fields={fields.filter(({ name }) => !tokenClaims.has(name))} empty={NO_ID_TOKEN} />
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
        {isOpen ? 'Hide' : 'Show'} claims about the token
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
      hint="useUserInfo(): a TanStack Query result. Its “sub” must match the ID token."
      aside={
        <Button size="xs" variant="default" leftSection={<SyncIcon />} loading={isFetching} onClick={() => void refetch()}>
          Refetch
        </Button>
      }
    >
      {error ? (
        <ErrorAlert error={error} title="UserInfo request failed">
          <DiagnoseButton />
        </ErrorAlert>
      ) : isPending ? (
        <Skeleton h={120} role="status" aria-label="Loading" />
      ) : (
        <FieldList fields={fieldsOf(data)} />
      )}
      <Text size="xs" c="dimmed">
        The scope determines the claims: “profile” includes names, “email” the email address.
      </Text>
    </Card>
  )
}

function fieldsOf(claims: Readonly<Record<string, unknown>> | undefined): readonly ListedField[] {
  return Object.entries(claims ?? {}).map(([name, value]) => ({ name, value }))
}
