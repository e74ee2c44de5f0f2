import { hasFailed, hasResponse } from '../network-log/entry-outcome.js'
import type { LogEntry } from '../network-log/log-entry.js'
import type { Story, StoryStep } from './story.js'

/** The state of a step in one attempt. */
export interface StepProgress {
  readonly step: StoryStep
  readonly state: 'done' | 'failed' | 'open'
  /** The messages that show the step, oldest first. A poll has many. */
  readonly entries: readonly LogEntry[]
}

/** How an attempt has ended; `open` while it runs, or if it never started. */
export type AttemptOutcome = 'open' | 'succeeded' | 'failed'

/** Derives how an attempt has ended from its messages, oldest first. While the user is at the server, it is open. */
export function outcomeOf(entries: readonly LogEntry[]): AttemptOutcome {
  const last = entries.at(-1)
  if (last === undefined || last.role === 'authorization-request' || last.role === 'oauth1-authorization') return 'open'
  return hasFailed(last) ? 'failed' : 'succeeded'
}

/**
 * Derives the state of each step from the messages of one attempt.
 *
 * @param entries the messages of the attempt, oldest first
 * @param outcome a successful attempt has done the steps without a message too; a failed one without a failed message has failed in the
 *   step after the last message, or, if that step would have sent one, at the response to the last message
 */
export function storyProgress({ steps }: Story, entries: readonly LogEntry[], outcome: AttemptOutcome): readonly StepProgress[] {
  const messages = steps.map((step) => messagesOf(step, entries))
  const reached = messages.findLastIndex((found) => found.length > 0)
  const end = outcome === 'succeeded' ? nextMessage(steps, reached) : reached
  const rejected = outcome === 'failed' ? rejectedStep(steps, messages, reached) : undefined
  return steps.map((step, index) => {
    const found = messages[index] ?? []
    if (index === rejected) return { step, entries: found, state: 'failed' }
    if (found.length > 0) return { step, entries: found, state: stateOf(step, found) }
    if (step.isElsewhere) return { step, entries: [], state: 'open' }
    const next = steps[index + 1]
    const isDone = reached >= 0 && index < end && (wasSent(step, next) || !isFailed(next, messages[index + 1]))
    return { step, entries: [], state: isDone ? 'done' : 'open' }
  })
}

/** @returns true if the next message proves the step, even if that message has failed: its sender has done the step, or received it */
function wasSent({ from, to }: StoryStep, next: StoryStep | undefined): boolean {
  return next !== undefined && next.from !== 'server' && (from === next.from || to === next.from)
}

/** @returns the step in which an attempt has failed whose messages have not; undefined if a message has failed, or none was sent */
function rejectedStep(steps: Story['steps'], messages: readonly (readonly LogEntry[])[], reached: number): number | undefined {
  if (reached < 0 || isFailed(steps[reached], messages[reached])) return undefined
  const next = steps[reached + 1]
  // The server has responded: its own step is not what has failed.
  const isOfServer = next?.from === 'server' && next.to === 'server'
  return next && next.role === undefined && !next.isElsewhere && !isOfServer ? reached + 1 : reached
}

/** @returns the index of the first step after `reached` that has a message; the number of steps if there is none */
function nextMessage(steps: Story['steps'], reached: number): number {
  const next = steps.findIndex(({ role }, index) => index > reached && role !== undefined)
  return next === -1 ? steps.length : next
}

/** A step that is repeated, such as a poll, stays done while the next request has no response. */
function stateOf(step: StoryStep, found: readonly LogEntry[]): StepProgress['state'] {
  if (isFailed(step, found)) return 'failed'
  return found.some((entry) => hasResponse(entry) || entry.failure !== undefined) ? 'done' : 'open'
}

/** @param found the messages of the step */
function isFailed(step: StoryStep | undefined, found: readonly LogEntry[] | undefined): boolean {
  const last = found?.at(-1)
  return last !== undefined && !step?.isRefusal && hasFailed(last)
}

/** @returns the messages that show the step */
export function messagesOf({ role, where }: StoryStep, entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.filter((entry) => role !== undefined && entry.role === role && (where?.(entry) ?? true))
}
