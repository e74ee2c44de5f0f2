import type { LogEntry, MessageRole } from '../network-log/log-entry.js'

/** One step of signing in, as told to somebody who never heard of OAuth. */
export interface SignInStep {
  readonly id: string
  readonly title: string
  readonly story: string
  readonly spec: string
  /** The message on the wire that shows the step; absent for what happens inside the browser or the person. */
  readonly role?: MessageRole
}

export const signInSteps: readonly SignInStep[] = [
  {
    id: 'discovery',
    title: 'The app asks the server how it works',
    story:
      'All the app knows is the server’s address, its issuer. A well-known document tells it where to send people, where to fetch tokens, and which keys tokens are signed with. It is remembered, so the next time this step costs nothing.',
    spec: 'OpenID Connect Discovery 1.0, section 4',
    role: 'discovery',
  },
  {
    id: 'pkce',
    title: 'The app makes up a secret and keeps it',
    story:
      'A random secret is made and stays in this browser; only its fingerprint will travel. Whoever steals what comes back later cannot use it without the secret. That is all that PKCE (“pixy”) means.',
    spec: 'RFC 7636, section 4',
  },
  {
    id: 'departure',
    title: 'The browser goes to the sign-in page',
    story:
      'The app doesn’t ask for your password: it sends you to the server, which you trust with it. The address says who asks, what for, and where to come back to.',
    spec: 'RFC 6749, section 4.1.1',
    role: 'authorization-request',
  },
  {
    id: 'person',
    title: 'You sign in there',
    story: 'This happens between you and the server. The app sees nothing of it, and learns nothing if you turn round.',
    spec: 'OpenID Connect Core 1.0, section 3.1.2.3',
  },
  {
    id: 'arrival',
    title: 'The browser comes back with a one-time code',
    story:
      'A code, not a token: addresses end up in histories and logs. The app checks that it asked for this answer and that the right server gave it, takes the code and cleans the address.',
    spec: 'RFC 6749, section 4.1.2; RFC 9207, section 2.4',
    role: 'authorization-response',
  },
  {
    id: 'token-request',
    title: 'The code and the secret become tokens',
    story:
      'In the background the app shows the code and, for the first time, the secret. The server checks that the fingerprint fits, and answers with the tokens.',
    spec: 'RFC 6749, section 4.1.3; RFC 7636, section 4.5',
    role: 'token-request',
  },
  {
    id: 'id-token',
    title: 'The app checks who signed in',
    story:
      'The ID token is a signed statement. Its signature, who made it, whom it is for, how old it is and whether it answers this very request: all of it must be right, or the whole answer is thrown away.',
    spec: 'OpenID Connect Core 1.0, section 3.1.3.7',
  },
  {
    id: 'storage',
    title: 'The tokens are locked away',
    story:
      'They are kept in this browser’s database, encrypted with a key that cannot be copied out of it. A reload finds them there, without asking the server anything.',
    spec: 'RFC 9700, section 4',
  },
]

/** How far a step has come in the latest attempt. */
export interface StepProgress {
  readonly step: SignInStep
  readonly state: 'done' | 'failed' | 'open'
  /** The message that shows it. */
  readonly entry?: LogEntry
}

/**
 * Lays the wire log over the steps.
 *
 * @param isSignedIn whether the latest attempt ended well, or an earlier session was found
 */
export function signInProgress(entries: readonly LogEntry[], isSignedIn: boolean): readonly StepProgress[] {
  const attempt = latestAttempt(entries)
  const messages = signInSteps.map((step) => attempt.find((entry) => step.role !== undefined && entry.role === step.role))
  const reached = messages.findLastIndex((message) => message !== undefined)
  return signInSteps.map((step, index) => {
    const entry = messages[index]
    if (entry) return { step, entry, state: hasFailed(entry) ? 'failed' : isAnswered(entry) ? 'done' : 'open' }
    const next = messages[index + 1]
    const isDone = isSignedIn ? attempt.length > 0 : index < reached && !(next && hasFailed(next))
    return { step, state: isDone ? 'done' : 'open' }
  })
}

/** @returns the messages of the latest sign-in, its discovery first; none when there was none, or when it has ended with a sign-out */
function latestAttempt(all: readonly LogEntry[]): readonly LogEntry[] {
  const entries = all.filter(({ source }) => source === 'app')
  const begin = entries.findLastIndex(
    (entry) => entry.role === 'authorization-request' || (entry.role === 'discovery' && hasFailed(entry)),
  )
  const first = entries[begin]
  const signOut = entries.findLastIndex(({ role }) => role === 'end-session' || role === 'revocation')
  if (!first || signOut > begin) return []
  const origin = new URL(first.url).origin
  const discovery = entries
    .slice(0, begin)
    .findLast((entry) => entry.role === 'discovery' && new URL(entry.url).origin === origin)
  const attempt = entries.slice(begin)
  return discovery && first.role !== 'discovery' ? [discovery, ...attempt] : attempt
}

/** An error in the answer, an HTTP status of 400 and above, or no answer at all. */
export function hasFailed(entry: LogEntry): boolean {
  const { status, failure, received, role } = entry
  if (isUndecided(entry)) return false
  const isErrorResponse = role === 'authorization-response' && received.some((field) => field.name === 'error')
  return failure !== undefined || (status ?? 0) >= 400 || isErrorResponse
}

function isAnswered({ kind, status }: LogEntry): boolean {
  return kind !== 'request' || status !== undefined
}

/** A device that asked too early: the person has not decided yet. No failure (RFC 8628, section 3.5). */
export function isUndecided({ received }: LogEntry): boolean {
  return received.some(({ name, value }) => name === 'error' && (value === 'authorization_pending' || value === 'slow_down'))
}
