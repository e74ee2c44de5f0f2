import { Alert, Anchor, Code, List, Stack, Text } from '@mantine/core'
import type { Diagnosis, Finding, Severity } from '@latchkey/core/doctor'
import { findingUrl } from '@latchkey/core/internals'
import type { ReactNode } from 'react'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import type { Examination } from './use-diagnosis.js'

const COLORS: Readonly<Record<Severity, string>> = { error: 'red', warning: 'yellow', note: 'blue' }

/** The result of an examination; nothing before it. */
export function DiagnosisView({ isRunning, diagnosis, error }: Examination): ReactNode {
  if (isRunning) {
    return (
      <Text size="sm" role="status">
        Examining the set-up…
      </Text>
    )
  }
  if (error !== undefined) return <ErrorAlert error={error} title={errorTitle(error)} />
  return diagnosis && <Findings diagnosis={diagnosis} />
}

function Findings({ diagnosis: { findings, passed, skipped } }: { readonly diagnosis: Diagnosis }): ReactNode {
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {findings.length === 0
          ? 'Nothing wrong was found.'
          : `${findings.length} ${findings.length === 1 ? 'problem' : 'problems'} found.`}{' '}
        {passed.length} checks passed{skipped.length > 0 && `, ${skipped.length} could not run`}.
      </Text>
      {findings.map((finding) => (
        <FindingView key={`${finding.code} ${finding.seen}`} finding={finding} />
      ))}
      {skipped.map(({ check, reason }) => (
        <Text key={check} size="xs" c="dimmed">
          Could not run: {check}. {capitalized(reason)}
        </Text>
      ))}
    </Stack>
  )
}

function FindingView({ finding }: { readonly finding: Finding }): ReactNode {
  const { code, severity, title, seen, expected, change, settings } = finding
  const facts = [
    ['Seen', seen],
    ['Expected', expected],
    ['Change', change],
    ...settings.map(({ provider, setting }) => [provider, setting]),
  ]
  return (
    <Alert role="note" color={COLORS[severity]} title={`${title} (${severity})`}>
      <List size="sm" listStyleType="none" spacing={2} style={{ overflowWrap: 'anywhere' }}>
        {facts.map(([name, text]) => (
          <List.Item key={name}>
            <b>{name}:</b> {text}
          </List.Item>
        ))}
        <List.Item>
          <b>Code:</b>{' '}
          <Anchor href={findingUrl(code)} target="_blank" rel="noreferrer" underline="always" c="inherit">
            <Code>{code}</Code>
          </Anchor>
        </List.Item>
      </List>
    </Alert>
  )
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
