export { observeAttempts } from './attempts/observe-attempts.js'
export type {
  Attempt,
  AttemptEnded,
  AttemptEvent,
  AttemptKind,
  AttemptMoment,
  AttemptOutcome,
  AttemptRequest,
  AttemptRequested,
  AttemptStarted,
} from './attempts/attempt.js'
