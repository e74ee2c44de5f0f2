import { Alert, Anchor, Box, Code, Text } from '@mantine/core'
import { OAuthClientError } from '@latchkey/core'
import { documentationUrl } from '@latchkey/core/internals'
import { AlertIcon } from '@primer/octicons-react/AlertIcon'
import type { ReactNode } from 'react'
import type { Explanation } from '../faults/explanation.js'
import { ExplanationView } from '../faults/explanation-view.js'
import { type Fact, FactList } from './fact-list.js'
import { SpecLink } from './spec-link.js'

interface ErrorAlertProps {
  readonly error: unknown
  /** Heading, for example {@link errorTitle}. */
  readonly title: string
  /** Shows a button that dismisses the message. */
  readonly onClose?: (() => void) | undefined
  /** The fault that caused the error, if the page simulates one. */
  readonly explanation?: Explanation | undefined
  /** Below the error: what the reader can do. */
  readonly children?: ReactNode
}

/** An error with its code, message and hint, the server's own error, and links to the documentation and the specification. */
export function ErrorAlert({ error, title, onClose, explanation, children }: ErrorAlertProps): ReactNode {
  return (
    <Alert
      color="red"
      title={title}
      icon={<AlertIcon />}
      role="alert"
      {...(onClose && { withCloseButton: true, closeButtonLabel: 'Dismiss', onClose })}
    >
      {error instanceof OAuthClientError ? (
        <ErrorDetails error={error} explanation={explanation} />
      ) : (
        <>
          <Text size="sm" mb={explanation ? 'xs' : 0}>
            {plainMessage(error)}
          </Text>
          <ExplanationView of={explanation} />
        </>
      )}
      {children && <Box mt="sm">{children}</Box>}
    </Alert>
  )
}

type ErrorDetailsProps = Pick<ErrorAlertProps, 'explanation'> & { readonly error: OAuthClientError }

function ErrorDetails({ error, explanation }: ErrorDetailsProps): ReactNode {
  const { code, hint, status, retryAfterSeconds, spec } = error
  const rule = explanation?.rule ?? spec
  const facts: readonly Fact[] = [
    ['Code', <Code key="code">{code}</Code>],
    ...comparedValues(error, explanation),
    ['Rule', rule && <SpecLink citation={rule} />],
    ['Fix', explanation?.fix ?? hint],
    ['The server said', [error.error, error.errorDescription].filter(Boolean).join(': ')],
    ['HTTP status', status],
    ['Retry in', retryAfterSeconds && `${retryAfterSeconds} s`],
    ['Documentation', <DocumentationLink key="documentation" code={code} />],
    ['Without this check', explanation?.withoutCheck],
  ]
  return (
    <>
      <Text size="sm" mb="xs">
        {withoutHint(error)}
      </Text>
      <FactList facts={facts} />
    </>
  )
}

/** What an error compares is its cause: an `issuer_mismatch` has both issuers. Otherwise the fault says what it changed. */
function comparedValues({ cause }: OAuthClientError, explanation: Explanation | undefined): readonly Fact[] {
  if (!isComparison(cause)) {
    return [
      ['Expected', explanation?.expected],
      ['Received', explanation?.received],
    ]
  }
  return [
    ['Expected', <Code key="expected">{cause.expected}</Code>],
    ['Received', cause.received === undefined ? 'none' : <Code key="received">{cause.received}</Code>],
  ]
}

function isComparison(cause: unknown): cause is { readonly expected: string; readonly received?: string | undefined } {
  if (typeof cause !== 'object' || cause === null || !('expected' in cause)) return false
  const received = 'received' in cause ? cause.received : undefined
  return typeof cause.expected === 'string' && (received === undefined || typeof received === 'string')
}

/** To the entry of the code in the reference: what happened, where to look, what to do. */
function DocumentationLink({ code }: Pick<OAuthClientError, 'code'>): ReactNode {
  return (
    <Anchor href={documentationUrl(code)} target="_blank" rel="noreferrer" inherit c="inherit" underline="always">
      all causes of {code}
    </Anchor>
  )
}

/**
 * A `fetch` that gets no response rejects with a TypeError and a few words, which differ between browsers and do not say why: the
 * page must not learn it.
 */
function plainMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (INVALID_URL.test(error.message))
    return `The address is not a valid URL, so no request was sent. The message of the browser is “${error.message}”.`
  if (NO_FILE.test(error.message))
    return `A file of this page did not load. Check the network and reload the page. The message of the browser is “${error.message}”.`
  if (!NO_RESPONSE.test(error.message)) return error.message
  return `No response arrived. The network may be off, the server may not run, or it may not allow requests of this page (CORS): the browser does not say which. Its message is “${error.message}”.`
}

/** The messages of Chromium, Firefox and WebKit. */
const NO_RESPONSE = /^(?:Failed to fetch|NetworkError when|Load failed)/

/** An import that failed, in the same browsers. The first one starts as a failed request does. */
const NO_FILE = /dynamically imported module|Importing a module script failed/

const INVALID_URL = /Failed to parse URL|not a valid URL|URL is not valid|Invalid URL/

/** The message ends with the hint, which has its own line here. */
function withoutHint({ message, hint }: OAuthClientError): string {
  return hint && message.endsWith(hint) ? message.slice(0, -hint.length).trimEnd() : message
}

/** @returns a heading for the kind of failure */
export function errorTitle(error: unknown): string {
  // Narrowed by `instanceof`, the code has the type `any`.
  const code: OAuthClientError['code'] | undefined = error instanceof OAuthClientError ? error.code : undefined
  return (code && titles[code]) ?? 'Request failed'
}

const titles: Readonly<Partial<Record<OAuthClientError['code'], string>>> = {
  aborted: 'Canceled',
  account_limit: 'Too many accounts',
  authorization_error: 'Sign-in rejected by the server',
  interaction_required: 'Sign-in needed',
  invalid_grant: 'Token request rejected by the server',
  invalid_id_token: 'ID token rejected',
  invalid_metadata: 'Invalid server metadata',
  invalid_response: 'Invalid response from the server',
  issuer_mismatch: 'Wrong issuer',
  module_load_failed: 'A file of the app did not load',
  network: 'Server unreachable',
  offline: 'This device is offline',
  popup_blocked: 'Popup blocked',
  popup_closed: 'Popup closed',
  rate_limited: 'Server is rate limiting',
  resource_not_allowed: 'No token for this address',
  server_error: 'Server error',
  timeout: 'Server did not respond in time',
  token_invalid: 'Session ended',
  // The server's endpoints for registration, devices and tokens all have this code.
  token_error: 'Request rejected by the server',
}
