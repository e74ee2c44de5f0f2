import type { LogEntry, MessageRole } from '../network-log/log-entry.js'

/** Who takes part in a flow; a column of the sequence diagram. */
export type Party = 'user' | 'browser' | 'app' | 'server' | 'api' | 'device' | 'phone'

/** One step of a flow, explained to a reader who is new to OAuth. */
export interface StoryStep {
  readonly id: string
  readonly title: string
  readonly explanation: string
  readonly spec: string
  readonly from: Party
  /** The same as `from` for something that happens inside one party. */
  readonly to: Party
  /** The party through which the message gets there: the browser, for a URL that it opens (front channel). */
  readonly via?: 'browser' | undefined
  /** True for a step that the page does not demonstrate: its arrow stays dashed. */
  readonly isElsewhere?: boolean | undefined
  /** True for a step that shows a refusal: an error response completes it. */
  readonly isRefusal?: boolean | undefined
  /** The message that shows the step; absent for steps that the app cannot see. */
  readonly role?: MessageRole | undefined
  /** Selects among several messages with this role. */
  readonly where?: ((entry: LogEntry) => boolean) | undefined
}

/** A flow, told in steps. */
export interface Story {
  /** The columns of the diagram, from left to right. */
  readonly parties: readonly Party[]
  readonly steps: readonly StoryStep[]
}
