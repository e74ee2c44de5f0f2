import type { LogEntry, MessageRole } from './log-entry.js'

/** Messages that belong together: a sign-in, the run of an experiment, or a single request. */
export interface Attempt {
  /** The ID of the first message. */
  readonly id: number
  readonly title: string
  /** Oldest first. */
  readonly entries: readonly LogEntry[]
}

/** The messages of a sign-in, in any order. */
const signInRoles: ReadonlySet<MessageRole> = new Set<MessageRole>([
  'discovery',
  'keys',
  'pushed-request',
  'authorization-request',
  'authorization-response',
  'token-request',
])

/** Groups messages by attempt. @param entries oldest first @returns oldest first */
export function groupByAttempt(entries: readonly LogEntry[]): readonly Attempt[] {
  const groups: LogEntry[][] = []
  for (const entry of entries) {
    const group = groups.findLast((candidate) => belongsTo(entry, candidate))
    if (group) group.push(entry)
    else groups.push([entry])
  }
  return groups.map((group) => ({ id: group[0]?.id ?? 0, title: titleOf(group), entries: group }))
}

function belongsTo(entry: LogEntry, group: readonly LogEntry[]): boolean {
  const first = group[0]
  if (!first || first.source !== entry.source || first.run !== entry.run) return false
  if (entry.run !== undefined) return true
  const isSignIn = signInRoles.has(first.role) && signInRoles.has(entry.role)
  return isSignIn && !startsSignIn(entry, group)
}

/** True if the group has the beginning of a sign-in already. */
function startsSignIn({ role }: LogEntry, group: readonly LogEntry[]): boolean {
  return (role === 'authorization-request' || role === 'discovery') && group.some((entry) => entry.role === role)
}

function titleOf(group: readonly LogEntry[]): string {
  const [first] = group
  if (first?.runTitle) return first.runTitle
  if (group.some(({ role }) => role === 'authorization-request' || role === 'authorization-response')) return 'Sign-in'
  return first?.title ?? ''
}
