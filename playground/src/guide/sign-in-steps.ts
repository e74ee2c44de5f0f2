import type { LogEntry, MessageRole } from '../network-log/log-entry.js'

/** One step of the sign-in, explained to a reader who is new to OAuth. */
export interface SignInStep {
  readonly id: string
  readonly title: string
  readonly explanation: string
  readonly spec: string
  /** The message that shows the step; absent for steps without a message. */
  readonly role?: MessageRole | undefined
}

export const signInSteps: readonly SignInStep[] = [
  {
    id: 'discovery',
    title: 'The app reads the server’s metadata',
    explanation:
      'The app knows only the server’s address, the issuer. A document at a well-known path lists the sign-in address, the token endpoint and the signing keys. The document is cached, so the next sign-in skips this step.',
    spec: 'OpenID Connect Discovery 1.0, section 4',
    role: 'discovery',
  },
  {
    id: 'pkce',
    title: 'The app creates a secret',
    explanation:
      'The secret is random and stays in this browser; only its hash is sent. A stolen code cannot be used without the secret. That is all that PKCE (“pixy”) means.',
    spec: 'RFC 7636, section 4',
  },
  {
    id: 'authorization-request',
    title: 'The browser opens the sign-in page',
    explanation:
      'The app never sees your password: it sends you to the server. The URL contains the app, the requested scope, and the address to return to.',
    spec: 'RFC 6749, section 4.1.1',
    role: 'authorization-request',
  },
  {
    id: 'user',
    title: 'You sign in there',
    explanation: 'This happens between you and the server. The app does not see it, and learns nothing if you go back.',
    spec: 'OpenID Connect Core 1.0, section 3.1.2.3',
  },
  {
    id: 'authorization-response',
    title: 'The browser returns with a one-time code',
    explanation:
      'A code, not a token, because URLs end up in histories and logs. The app checks that the response belongs to its request and comes from the right server, then removes the code from the URL.',
    spec: 'RFC 6749, section 4.1.2; RFC 9207, section 2.4',
    role: 'authorization-response',
  },
  {
    id: 'token-request',
    title: 'The app exchanges the code and the secret for tokens',
    explanation:
      'In the background, the app sends the code and, for the first time, the secret. The server checks that the hash matches, and returns the tokens.',
    spec: 'RFC 6749, section 4.1.3; RFC 7636, section 4.5',
    role: 'token-request',
  },
  {
    id: 'id-token',
    title: 'The app validates the ID token',
    explanation:
      'The ID token is a signed statement about the user. The app checks its signature, issuer, audience, age and nonce. If one check fails, the whole response is rejected.',
    spec: 'OpenID Connect Core 1.0, section 3.1.3.7',
  },
  {
    id: 'storage',
    title: 'The app stores the tokens',
    explanation:
      'They are stored in this browser’s database, encrypted with a key that cannot be exported. After a reload, the app reads them without a request.',
    spec: 'RFC 9700, section 4',
  },
]

/** The state of a step in the latest attempt. */
export interface StepProgress {
  readonly step: SignInStep
  readonly state: 'done' | 'failed' | 'open'
  /** The message that shows the step. */
  readonly entry?: LogEntry | undefined
}

/**
 * Derives the state of each step from the network log.
 *
 * @param isSignedIn whether the latest attempt succeeded, or an earlier session was restored
 */
export function signInProgress(entries: readonly LogEntry[], isSignedIn: boolean): readonly StepProgress[] {
  const attempt = latestAttempt(entries)
  const messages = signInSteps.map((step) => attempt.find((entry) => step.role !== undefined && entry.role === step.role))
  const reached = messages.findLastIndex((message) => message !== undefined)
  return signInSteps.map((step, index) => {
    const entry = messages[index]
    if (entry) return { step, entry, state: hasFailed(entry) ? 'failed' : hasResponse(entry) ? 'done' : 'open' }
    const next = messages[index + 1]
    const isDone = isSignedIn ? attempt.length > 0 : index < reached && !(next && hasFailed(next))
    return { step, state: isDone ? 'done' : 'open' }
  })
}

/** @returns the messages of the latest sign-in, discovery first; empty if there was none or if it was followed by a sign-out */
function latestAttempt(all: readonly LogEntry[]): readonly LogEntry[] {
  const entries = all.filter(({ source }) => source === 'app')
  const start = entries.findLastIndex(
    (entry) => entry.role === 'authorization-request' || (entry.role === 'discovery' && hasFailed(entry)),
  )
  const first = entries[start]
  const signOut = entries.findLastIndex(({ role }) => role === 'end-session' || role === 'revocation')
  if (!first || signOut > start) return []
  const origin = new URL(first.url).origin
  const discovery = entries
    .slice(0, start)
    .findLast((entry) => entry.role === 'discovery' && new URL(entry.url).origin === origin)
  const attempt = entries.slice(start)
  return discovery && first.role !== 'discovery' ? [discovery, ...attempt] : attempt
}

/** True for an error response, an HTTP status of 400 or above, or no response at all. */
export function hasFailed(entry: LogEntry): boolean {
  const { status, failure, received, role } = entry
  if (isPendingPoll(entry)) return false
  const isErrorResponse = role === 'authorization-response' && received.some((field) => field.name === 'error')
  return failure !== undefined || (status ?? 0) >= 400 || isErrorResponse
}

function hasResponse({ kind, status }: LogEntry): boolean {
  return kind !== 'request' || status !== undefined
}

/** True for a poll before the user has decided, which is not a failure (RFC 8628, section 3.5). */
export function isPendingPoll({ received }: LogEntry): boolean {
  return received.some(({ name, value }) => name === 'error' && (value === 'authorization_pending' || value === 'slow_down'))
}
