import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import type { OAuthClientError } from '@latchkey/core'
import { type Account, createAccounts } from '@latchkey/core/accounts'
import { AccountsProvider, useAccounts, useAuthedFetch } from '@latchkey/react'
import { PlusIcon } from '@primer/octicons-react/PlusIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { CodeCard } from '../../code/code-card.js'
import { accountsCode } from '../../code/hook-samples.js'
import type { Connection } from '../../connection/connection.js'
import { useConnection } from '../../connection/connection-context.js'
import { faultyOptions } from '../../experiments/use-experiment-client.js'
import { type AccountFault, accountFaults } from '../../faults/account-faults.js'
import { FaultSelect } from '../../faults/fault-select.js'
import { HandledFault } from '../../faults/handled-fault.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { type FaultChoice, useFaultOf } from '../../faults/use-fault.js'
import { startRun } from '../../network-log/network-log.js'
import { useNetworkLog } from '../../network-log/use-network-log.js'
import { contact, displayName } from '../../session/display-name.js'
import type { AttemptOutcome } from '../../story/story-progress.js'
import { accountsStory } from '../../story/stories/accounts-story.js'
import { StoryCard } from '../../story/story-card.js'
import { Card } from '../../ui/card.js'
import { ErrorAlert, errorTitle } from '../../ui/error-alert.js'
import { pageTitle } from '../../ui/page-title.js'
import { useFocusOn } from '../../ui/use-focus-on.js'
import { Page } from '../../ui/page.js'

export function AccountsPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFaultOf(accountFaults)
  const { fault } = faults
  const accounts = useMemo(() => createPageAccounts(connection, fault), [connection, fault])
  useEffect(() => () => void accounts.close(), [accounts])
  return (
    <Page
      title="Several accounts"
      lead="Two users of one app, side by side: each account has its own session, tokens and refreshes. They are separate from the session of the playground, and a reload keeps them."
      specs={['OpenID Connect Core 1.0, section 3.1.2.1']}
    >
      <AccountsProvider accounts={accounts}>
        <AccountsContent faults={faults} />
      </AccountsProvider>
      <CodeCard code={accountsCode(connection)} />
    </Page>
  )
}

function createPageAccounts({ issuer, clientId, scope }: Connection, fault: AccountFault | undefined) {
  return createAccounts({
    issuer,
    clientId,
    scope,
    redirectUri: `${location.origin}/`,
    name: 'accounts page',
    transport: 'popup',
    maxAccounts: fault?.maxAccounts ?? 3,
    ...faultyOptions(fault),
  })
}

interface AccountsContentProps {
  readonly faults: FaultChoice<AccountFault>
}

function AccountsContent({ faults }: AccountsContentProps): ReactNode {
  const { add, isPending, error } = useAccounts()
  // The fault of the last attempt, which may not be the one that is chosen now.
  const [attempt, setAttempt] = useState<Attempt>()
  const log = useNetworkLog()
  const start = (): void => {
    setAttempt({ run: startRun(pageTitle()), fault: faults.fault })
    void add().catch(() => undefined)
  }
  const entries = attempt ? log.filter(({ run }) => run === attempt.run) : []
  const outcome = !attempt || isPending ? 'open' : error ? 'failed' : 'succeeded'
  return (
    <>
      <AccountsCard faults={faults} isPending={isPending} onAdd={start} />
      <AttemptResult attempt={attempt} outcome={outcome} error={error} />
      <ApiCard />
      <SessionFaults actions={['revoke']} hint="Affects the active account. The other accounts continue." />
      <StoryCard story={accountsStory} entries={entries} outcome={outcome} />
    </>
  )
}

interface Attempt {
  /** The number in the network log. */
  readonly run: number
  readonly fault: AccountFault | undefined
}

interface AttemptResultProps {
  readonly attempt: Attempt | undefined
  readonly outcome: AttemptOutcome
  readonly error: OAuthClientError | undefined
}

/** The error, or what the client did about a fault that causes no error. Gets the focus. */
function AttemptResult({ attempt, outcome, error }: AttemptResultProps): ReactNode {
  const handled = outcome === 'succeeded' ? attempt?.fault : undefined
  const place = useFocusOn(outcome === 'failed' || handled ? attempt : undefined)
  return (
    <div ref={place} tabIndex={-1} className="outcome">
      <div role="status">{handled && <HandledFault fault={handled}>{handled.about}</HandledFault>}</div>
      {error && <ErrorAlert error={error} title={errorTitle(error)} explanation={attempt?.fault} />}
    </div>
  )
}

interface AccountsCardProps extends AccountsContentProps {
  readonly isPending: boolean
  readonly onAdd: () => void
}

function AccountsCard({ faults, isPending, onAdd }: AccountsCardProps): ReactNode {
  const { accounts, active, signOutAll } = useAccounts()
  return (
    <Card title="Accounts" hint="The server asks which user to add (prompt=select_account). This page allows three accounts.">
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} isActive={account === active} />
        ))}
      </Stack>
      {accounts.length === 0 && <Text c="dimmed">No account yet.</Text>}
      {accounts.length > 0 && !active && (
        <Text size="sm">No account is active: its session has ended. Switch to another one.</Text>
      )}
      <FaultSelect choice={faults} />
      <Group gap="sm">
        <Button leftSection={<PlusIcon />} loading={isPending} onClick={onAdd}>
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
