import { Accordion, Box, Button, Code, CopyButton, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ArrowLeftIcon } from '@primer/octicons-react/ArrowLeftIcon'
import { ArrowRightIcon } from '@primer/octicons-react/ArrowRightIcon'
import { ArrowSwitchIcon } from '@primer/octicons-react/ArrowSwitchIcon'
import type { ReactNode } from 'react'
import { AlteredBadge } from '../ui/altered-badge.js'
import { FieldList } from '../ui/field-list.js'
import { SpecLink } from '../ui/spec-link.js'
import { EntryBadge } from './entry-badge.js'
import type { LogEntry, MessageKind } from './log-entry.js'
import { curlCommand, rawMessage } from './raw-message.js'

const kindIcons: Readonly<Record<MessageKind, ReactNode>> = {
  navigation: <ArrowRightIcon />,
  callback: <ArrowLeftIcon />,
  request: <ArrowSwitchIcon />,
}

/** One message of the log. Its panel has the fields, or the message as it was sent. */
export function LogItem({ entry }: { readonly entry: LogEntry }): ReactNode {
  return (
    <Accordion.Item value={String(entry.id)}>
      <Accordion.Control icon={kindIcons[entry.kind]}>
        <Group justify="space-between" gap={4} wrap="nowrap" pr="xs">
          <Text size="sm" fw={600}>
            {entry.title}
          </Text>
          <Group component="span" gap={4} wrap="nowrap" flex="none">
            {entry.alteration !== undefined && <AlteredBadge />}
            <EntryBadge entry={entry} />
          </Group>
        </Group>
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {entry.method} {shortUrl(entry.url)}
        </Text>
      </Accordion.Control>
      <Accordion.Panel>
        <EntryDetails entry={entry} />
      </Accordion.Panel>
    </Accordion.Item>
  )
}

function EntryDetails({ entry }: { readonly entry: LogEntry }): ReactNode {
  const [isRaw, { toggle }] = useDisclosure()
  return (
    <>
      <Text size="xs" c="dimmed" mb="xs">
        {new Date(entry.at).toLocaleTimeString()}
        {entry.duration !== undefined && ` · ${entry.duration} ms`} · <SpecLink citation={entry.spec} />
      </Text>
      {entry.alteration !== undefined && (
        <Text size="sm" mb="xs">
          <b>Altered by the fault:</b> {entry.alteration}
        </Text>
      )}
      {entry.failure && (
        <Text size="sm" mb="xs">
          {entry.wasAborted ? 'The app aborted the request.' : `No response: ${entry.failure}`}
        </Text>
      )}
      <Group gap="xs" mb="xs">
        <Button size="compact-xs" variant="default" aria-pressed={isRaw} onClick={toggle}>
          {isRaw ? 'Show the fields' : 'Show as HTTP'}
        </Button>
        {entry.kind === 'request' && (
          <CopyButton value={curlCommand(entry)}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy as curl'}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
      {isRaw ? (
        <Code block className="secret" tabIndex={0} aria-label="The message, with masked secrets">
          {rawMessage(entry)}
        </Code>
      ) : (
        <>
          <FieldSection title="Sent" fields={entry.sent} />
          <FieldSection title="Received" fields={entry.received} />
        </>
      )}
    </>
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

/** Removes this page's own origin: the path is enough. */
function shortUrl(url: string): string {
  return url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url
}
