import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { type Account, createAccounts } from '@latchkey/core/accounts'
import { AccountsProvider, useAccounts, useAuthedFetch } from '@latchkey/react'
import { PlusIcon } from '@primer/octicons-react/PlusIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import { type ReactNode, useEffect, useMemo } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { CodeCard } from '../../code/code-card.js'
import { accountsCode } from '../../code/hook-samples.js'
import type { Connection } from '../../connection/connection.js'
import { useConnection } from '../../connection/connection-context.js'
import { experimentFetch } from '../../network-log/logging-fetch.js'
import { recordExperimentRequest } from '../../network-log/navigations.js'
import { contact, displayName } from '../../session/display-name.js'
import { Card } from '../../ui/card.js'
import { ErrorAlert, errorTitle } from '../../ui/error-alert.js'
import { Page } from '../../ui/page.js'

export function AccountsPage(): ReactNode {
  const { connection } = useConnection()
  const accounts = useMemo(() => createPageAccounts(connection), [connection])
  useEffect(() => () => void accounts.close(), [accounts])
  return (
    <Page
      title="Several accounts"
      lead="Two users of one app, side by side: each account has its own session, tokens and refreshes. They are separate from the session of the playground, and a reload keeps them."
      specs={['OpenID Connect Core 1.0, section 3.1.2.1']}
    >
      <AccountsProvider accounts={accounts}>
        <AccountsCard />
        <ApiCard />
      </AccountsProvider>
      <CodeCard code={accountsCode} />
    </Page>
  )
}

function createPageAccounts({ issuer, clientId, scope }: Connection): ReturnType<typeof createAccounts> {
  return createAccounts({
    issuer,
    clientId,
    scope,
    redirectUri: `${location.origin}/`,
    name: 'accounts page',
    transport: 'popup',
    maxAccounts: 3,
    fetch: experimentFetch,
    compliance: { authorizationRequest: (url) => recordExperimentRequest(url) },
  })
}

function AccountsCard(): ReactNode {
  const { accounts, active, add, signOutAll, isPending, error } = useAccounts()
  return (
    <Card title="Accounts" hint="The server asks which user to add (prompt=select_account). This page allows three accounts.">
      {error && <ErrorAlert error={error} title={errorTitle(error)} />}
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} isActive={account === active} />
        ))}
      </Stack>
      {accounts.length === 0 && <Text c="dimmed">No account yet.</Text>}
      <Group gap="sm">
        <Button leftSection={<PlusIcon />} loading={isPending} onClick={() => void add()}>
          Add an account
        </Button>
        {accounts.length > 1 && (
          <Button variant="default" leftSection={<SignOutIcon />} onClick={() => void signOutAll({ local: true })}>
            Sign out of all accounts
          </Button>
        )}
      </Group>
    </Card>
  )
}

interface AccountRowProps {
  readonly account: Account
  readonly isActive: boolean
}

function AccountRow({ account, isActive }: AccountRowProps): ReactNode {
  const { switchTo, signOut } = useAccounts()
  const name = displayName(account.claims)
  return (
    <Group component="li" justify="space-between" gap="sm">
      <div>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          {isActive && <Badge variant="light">Active</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {contact(account.claims)}
        </Text>
      </div>
      <Group gap="xs">
        {!isActive && (
          <Button size="xs" variant="default" onClick={() => switchTo(account)} aria-label={`Switch to ${name}`}>
            Switch
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() => void signOut(account, { local: true })}
          aria-label={`Sign out ${name}`}
        >
          Sign out
        </Button>
      </Group>
    </Group>
  )
}

function ApiCard(): ReactNode {
  const { active } = useAccounts()
  const authedFetch = useAuthedFetch()
  if (!active) return undefined
  return (
    <Card
      title="Call an API as the active account"
      hint="useAuthedFetch() sends the token of the account that is active when it is called."
    >
      <ApiCall key={active.id} label="Call /api/me" url="/api/me" send={authedFetch} isPrimary />
    </Card>
  )
}
