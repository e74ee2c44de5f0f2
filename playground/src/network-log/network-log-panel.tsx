import { Accordion, Box, Button, Group, Switch, Text, TextInput, Title } from '@mantine/core'
import { TrashIcon } from '@primer/octicons-react/TrashIcon'
import { memo, type ReactNode, useState } from 'react'
import { type Attempt, groupByAttempt } from './attempts.js'
import { EMPTY_FILTER, filterEntries, type LogFilter } from './filter-entries.js'
import { LogItem } from './log-item.js'
import { clearLog } from './network-log.js'
import { useNetworkLog } from './use-network-log.js'

/** Every message between this app and a server, grouped by attempt, newest first. */
export function NetworkLogPanel({ isTitled = true }: { readonly isTitled?: boolean }): ReactNode {
  const entries = useNetworkLog()
  const [filter, setFilter] = useState<LogFilter>(EMPTY_FILTER)
  const attempts = groupByAttempt(filterEntries(entries, filter)).toReversed()
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
        Requests and responses of this app, newest attempt first. Secrets are masked. The log keeps the last 100 messages.
      </Text>
      {entries.length > 0 && <FilterFields filter={filter} onChange={setFilter} />}
      {entries.length === 0 && <Text size="sm">No messages yet. They appear here as the app sends them.</Text>}
      {entries.length > 0 && attempts.length === 0 && <Text size="sm">No message matches the filter.</Text>}
      {attempts.map((attempt) => (
        <AttemptView key={attempt.id} {...attempt} />
      ))}
    </Box>
  )
}

interface FilterFieldsProps {
  readonly filter: LogFilter
  readonly onChange: (filter: LogFilter) => void
}

function FilterFields({ filter, onChange }: FilterFieldsProps): ReactNode {
  return (
    <Box mb="sm">
      <TextInput
        size="xs"
        aria-label="Filter the log"
        placeholder="Filter: title, address, field or value"
        value={filter.text}
        autoComplete="off"
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      <Switch
        mt="xs"
        size="xs"
        label="Only failures"
        checked={filter.isFailedOnly}
        onChange={(event) => onChange({ ...filter, isFailedOnly: event.currentTarget.checked })}
      />
    </Box>
  )
}

/** The messages of one attempt, in the order in which they were sent. Renders only if one of them has changed: the log has many attempts. */
const AttemptView = memo(function AttemptView({ title, entries }: Attempt): ReactNode {
  const at = new Date(entries[0]?.at ?? 0).toLocaleTimeString()
  return (
    <div className="log-attempt">
      <Group justify="space-between" gap="xs" mb={6} wrap="nowrap">
        <Title order={3} size="xs">
          {title}
        </Title>
        <Text size="xs" c="dimmed" flex="none">
          {at}
        </Text>
      </Group>
      <Accordion
        variant="separated"
        radius="md"
        order={4}
        chevronSize={14}
        keepMounted={false}
        classNames={{ item: 'log-item', control: 'log-control', label: 'log-label', panel: 'log-fields' }}
      >
        {entries.map((entry) => (
          <LogItem key={entry.id} entry={entry} />
        ))}
      </Accordion>
    </div>
  )
}, isSameAttempt)

function isSameAttempt(previous: Attempt, next: Attempt): boolean {
  const { title, entries } = previous
  return title === next.title && entries.length === next.entries.length && entries.every((entry, i) => entry === next.entries[i])
}
