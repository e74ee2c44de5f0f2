import { Alert, Code, List, Text } from '@mantine/core'
import { OAuthClientError } from '@latchkey/core'
import { AlertIcon } from '@primer/octicons-react/AlertIcon'
import type { ReactNode } from 'react'
import { SpecLink } from './spec-link.js'

interface ErrorAlertProps {
  readonly error: unknown
  /** What did not work, as a heading. */
  readonly title: string
  /** When given, the message can be put away. */
  readonly onClose?: () => void
}

/** A failure with all it knows: code, message, what to do, the server's own words, and the section that was broken. */
export function ErrorAlert({ error, title, onClose }: ErrorAlertProps): ReactNode {
  return (
    <Alert
      color="red"
      title={title}
      icon={<AlertIcon />}
      role="alert"
      {...(onClose && { withCloseButton: true, closeButtonLabel: 'Dismiss', onClose })}
    >
      {error instanceof OAuthClientError ? <ErrorDetails error={error} /> : <Text size="sm">{String(error)}</Text>}
    </Alert>
  )
}

function ErrorDetails({ error }: { readonly error: OAuthClientError }): ReactNode {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Code', <Code key="code">{error.code}</Code>],
    ['What to do', error.hint],
    ['The server said', [error.error, error.errorDescription].filter(Boolean).join(': ')],
    ['HTTP status', error.status],
    ['Try again in', error.retryAfterSeconds && `${error.retryAfterSeconds} s`],
    ['Rests on', error.spec && <SpecLink citation={error.spec} />],
  ]
  return (
    <>
      <Text size="sm">{error.message}</Text>
      <List size="sm" mt="xs" listStyleType="none" spacing={2}>
        {facts.map(
          ([name, value]) =>
            value && (
              <List.Item key={name}>
                <b>{name}:</b> {value}
              </List.Item>
            ),
        )}
      </List>
    </>
  )
}
