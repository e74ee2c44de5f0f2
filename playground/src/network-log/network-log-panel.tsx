import { Accordion, Badge, Box, Button, Group, Text, Title } from '@mantine/core'
import { ArrowLeftIcon } from '@primer/octicons-react/ArrowLeftIcon'
import { ArrowRightIcon } from '@primer/octicons-react/ArrowRightIcon'
import { ArrowSwitchIcon } from '@primer/octicons-react/ArrowSwitchIcon'
import { TrashIcon } from '@primer/octicons-react/TrashIcon'
import type { ReactNode } from 'react'
import { hasFailed, isPendingPoll } from '../guide/sign-in-steps.js'
import { FieldList } from '../ui/field-list.js'
import { SpecLink } from '../ui/spec-link.js'
import { useNetworkLog } from './use-network-log.js'
import type { LogEntry, MessageKind } from './log-entry.js'
import { clearLog } from './network-log.js'

const kindIcons: Readonly<Record<MessageKind, ReactNode>> = {
  navigation: <ArrowRightIcon />,
  callback: <ArrowLeftIcon />,
  request: <ArrowSwitchIcon />,
}

/** Every message between this app and a server, newest first, with its fields and the section that specifies it. */
export function NetworkLogPanel({ isTitled = true }: { readonly isTitled?: boolean }): ReactNode {
  const entries = useNetworkLog()
  return (
    <Box p={isTitled ? 'md' : 0}>
      <Group justify="space-between" mb={4} mih={30}>
        {isTitled && (
          <Title order={2} size="h5">
            Network log
          </Title>
        )}
        {entries.length > 0 && (
          <Button variant="subtle" color="gray" size="compact-sm" leftSection={<TrashIcon />} onClick={clearLog}>
            Clear
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" mb="sm">
        Requests and responses of this app, newest first. Secrets are masked.
      </Text>
      {entries.length === 0 ? (
        <Text size="sm">No messages yet. They appear here as the app sends them.</Text>
      ) : (
        <Accordion
          variant="separated"
          radius="md"
          order={3}
          chevronSize={14}
          classNames={{ item: 'log-item', control: 'log-control', label: 'log-label', panel: 'log-fields' }}
        >
          {entries.toReversed().map((entry) => (
            <LogItem key={entry.id} entry={entry} />
          ))}
        </Accordion>
      )}
    </Box>
  )
}

function LogItem({ entry }: { readonly entry: LogEntry }): ReactNode {
  return (
    <Accordion.Item value={String(entry.id)}>
      <Accordion.Control icon={kindIcons[entry.kind]}>
        <Group justify="space-between" gap={4} wrap="nowrap" pr="xs">
          <Text size="sm" fw={600}>
            {entry.title}
          </Text>
          <Outcome entry={entry} />
        </Group>
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {entry.method} {shortUrl(entry.url)}
          {entry.source === 'experiment' && ' (experiment)'}
        </Text>
      </Accordion.Control>
      <Accordion.Panel>
        <Text size="xs" c="dimmed" mb="xs">
          {new Date(entry.at).toLocaleTimeString()}
          {entry.duration !== undefined && ` · ${entry.duration} ms`} · <SpecLink citation={entry.spec} />
        </Text>
        {entry.failure && (
          <Text size="sm">{entry.wasAborted ? 'The app aborted the request.' : `No response: ${entry.failure}`}</Text>
        )}
        <FieldSection title="Sent" fields={entry.sent} />
        <FieldSection title="Received" fields={entry.received} />
      </Accordion.Panel>
    </Accordion.Item>
  )
}

function FieldSection({ title, fields }: { readonly title: string; readonly fields: LogEntry['sent'] }): ReactNode {
  if (fields.length === 0) return undefined
  return (
    <Box mt="sm">
      <Text size="xs" fw={700} mb={4}>
        {title}
      </Text>
      <FieldList fields={fields} />
    </Box>
  )
}

function Outcome({ entry }: { readonly entry: LogEntry }): ReactNode {
  if (entry.kind === 'request' && entry.status === undefined && !entry.failure) {
    return (
      <Badge flex="none" variant="default">
        waiting
      </Badge>
    )
  }
  if (entry.wasAborted) {
    return (
      <Badge flex="none" variant="default">
        aborted
      </Badge>
    )
  }
  if (isPendingPoll(entry)) {
    return (
      <Badge flex="none" variant="default">
        pending
      </Badge>
    )
  }
  if (hasFailed(entry)) {
    return (
      <Badge flex="none" color="red.9">
        {entry.status ?? (entry.failure ? 'no response' : 'error')}
      </Badge>
    )
  }
  return entry.status === undefined ? undefined : (
    <Badge flex="none" color="teal.9">
      {entry.status}
    </Badge>
  )
}

/** Removes this page's own origin: the path is enough. */
function shortUrl(url: string): string {
  return url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url
}
