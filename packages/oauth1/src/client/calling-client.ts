import type { AuthedRequestInit } from '@latchkey/core'
import type { OtherFlowParts, wireOtherClient } from '@latchkey/core/internals'
import type { Credentials } from './credentials.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import type { OAuth1Config } from './resolve-options.js'

/** What the last step of a sign-in needs of its client. */
export type TokenParts = Pick<OtherFlowParts<OAuth1Transaction>, 'session' | 'events'>

/** @see createSignedFetch */
export type CreateSignedFetch = (
  config: OAuth1Config,
  credentialsOfCall: () => Promise<Credentials | null | undefined>,
  session: AbortSignal,
) => (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response>

/** The client of a call. */
export interface CallingClient {
  readonly config: OAuth1Config
  readonly parts: ReturnType<typeof wireOtherClient>
  /** Of the session in which the call was made. */
  readonly signal: AbortSignal
  /** Of the call. */
  readonly moment: ReturnType<TokenParts['session']['moment']>
}
