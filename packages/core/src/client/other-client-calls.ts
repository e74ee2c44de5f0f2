import type { ClientEvents } from './events.js'
import { createAuthedFetch } from '../fetch/authed-fetch.js'
import { decodedPath } from '../fetch/decoded-path.js'
import { explainFailure } from '../fetch/explain-failure.js'
import { createResourceList } from '../fetch/resource-list.js'
import type { Emitter } from '../platform/emitter.js'
import { sendToEndpoint } from '../protocol/endpoint-request.js'
import type { Session } from '../session/session.js'
import { type AuthorizationFlow, createState, finishSignIn } from '../sign-in/authorization-flow.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import type { SignInSteps } from '../sign-in/sign-in.js'
import { createSignInSteps } from '../sign-in/start.js'
import { sweepTransactions } from '../sign-in/sweep-transactions.js'
import { type StoredTransaction, TransactionStore } from '../sign-in/transaction-store.js'
import { keepInMemory } from '../storage/keep-in-memory.js'
import { openRecord } from '../storage/open-record.js'
import type { RareRecordCalls, RecordCalls } from '../storage/record-store.js'
import { writeRecord } from '../storage/write-record.js'
import type { SignInContext } from '../sign-in/complete.js'
import type { TabParts } from './open-tab-channel.js'

/** What the flow of another protocol gets from its client. */
export interface OtherFlowParts<Stored extends StoredTransaction> {
  readonly session: Session
  readonly events: Emitter<ClientEvents>
  readonly transactions: TransactionStore<Stored>
}

/** The parts that {@link otherClientCalls} are called with. */
export interface OtherSignInParts extends TabParts {
  readonly events: Emitter<ClientEvents>
}

/** The lazily loaded half of `wireOtherClient`, and what its protocol calls. */
export interface OtherClientCalls extends RecordCalls, RareRecordCalls {
  readonly createAuthedFetch: typeof createAuthedFetch
  readonly createResourceList: typeof createResourceList
  readonly createState: typeof createState
  readonly decodedPath: typeof decodedPath
  readonly explainFailure: typeof explainFailure
  readonly finishSignIn: typeof finishSignIn
  readonly sendToEndpoint: typeof sendToEndpoint
  readonly createSteps: <Stored extends StoredTransaction>(
    parts: OtherSignInParts,
    createFlow: (parts: OtherFlowParts<Stored>) => AuthorizationFlow,
    loadRareCalls: SignInContext['loadRareCalls'],
  ) => SignInSteps
  /** Deletes the transactions of requests that got no response. */
  readonly sweep: (parts: OtherSignInParts) => Promise<void>
}

/** @see OtherClientCalls */
export const otherClientCalls: OtherClientCalls = {
  createAuthedFetch,
  createResourceList,
  createState,
  decodedPath,
  explainFailure,
  finishSignIn,
  sendToEndpoint,
  keepInMemory,
  openRecord,
  writeRecord,
  createSteps(parts, createFlow, loadRareCalls) {
    const { config, session, events } = parts
    const flow = createFlow({ session, events, transactions: new TransactionStore(parts) })
    const redirects = new RedirectGuard(config.tab, config.environment.now)
    return createSignInSteps({ config, session, flow, redirects, loadRareCalls })
  },
  sweep: sweepTransactions,
}
