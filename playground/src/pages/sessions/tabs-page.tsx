import { Button, Group, Table, Text } from '@mantine/core'
import { useLogout } from '@latchkey/react'
import { ClockIcon } from '@primer/octicons-react/ClockIcon'
import { PlusIcon } from '@primer/octicons-react/PlusIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import type { ReactNode } from 'react'
import { CodeCard } from '../../code/code-card.js'
import { tabsCode } from '../../code/session-samples.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { SessionStory } from '../../story/session-story.js'
import { refreshStory } from '../../story/stories/session-stories.js'
import { renewalSummary, type TabReport, thisTab } from '../../tabs/tab-report.js'
import { useTabs } from '../../tabs/use-tabs.js'
import { Card } from '../../ui/card.js'
import { Page } from '../../ui/page.js'

const preview = [
  { name: 'Tab 1', value: 'signed in, sent the request' },
  { name: 'Tab 2', value: 'signed in, took over the result' },
  { name: 'Tab 3', value: 'signed in, took over the result' },
]

export function TabsPage(): ReactNode {
  return (
    <Page
      title="Tabs"
      lead="All tabs of this browser share one session. Open three tabs, let the token expire in all of them at once, and watch one refresh. Then sign out in one tab, and look at the others."
      specs={['RFC 9700, section 4.14.2', 'RFC 6749, section 6']}
    >
      <NeedsSignIn preview={preview}>
        <TabsCard />
      </NeedsSignIn>
      <SessionFaults actions={['revoke', 'delete-storage']} />
      <SessionStory story={refreshStory} />
      <CodeCard code={tabsCode} />
    </Page>
  )
}

function TabsCard(): ReactNode {
  const { tabs, expire } = useTabs()
  const { logout, isPending } = useLogout()
  const summary = renewalSummary(tabs)
  return (
    <Card
      title="Open tabs"
      hint="Every tab that shows this page. A refresh token works once: if each tab sent it, the server would end the session."
    >
      <TabTable tabs={tabs} />
      <Text size="sm" role="status">
        {summary}
      </Text>
      <Group gap="xs">
        <Button leftSection={<ClockIcon />} onClick={expire}>
          Expire the token in all tabs
        </Button>
        <Button variant="default" leftSection={<PlusIcon />} component="a" href="/tabs" target="_blank">
          Open another tab
        </Button>
        <Button
          variant="default"
          leftSection={<SignOutIcon />}
          loading={isPending}
          onClick={() => void logout({ local: true }).catch(() => undefined)}
        >
          Sign out here
        </Button>
      </Group>
    </Card>
  )
}

const renewals: Readonly<Record<TabReport['renewal'], string>> = {
  none: 'nothing yet',
  requested: 'sent the request',
  adopted: 'took over the result',
}

function TabTable({ tabs }: { readonly tabs: readonly TabReport[] }): ReactNode {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Tab</Table.Th>
          <Table.Th>Session</Table.Th>
          <Table.Th>After the expiry</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tabs.map(({ id, isSignedIn, renewal }, index) => (
          <Table.Tr key={id}>
            <Table.Td>
              {index + 1}
              {id === thisTab.id && ' (this tab)'}
            </Table.Td>
            <Table.Td>{isSignedIn ? 'signed in' : 'signed out'}</Table.Td>
            <Table.Td>
              <Text span size="sm" fw={renewal === 'requested' ? 700 : undefined}>
                {renewals[renewal]}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
