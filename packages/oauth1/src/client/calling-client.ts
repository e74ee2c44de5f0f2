import type { OtherFlowParts, wireOtherClient } from '@latchkey/core/internals'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import type { OAuth1Config } from './resolve-options.js'

/** What the last step of a sign-in needs of its client. */
export type TokenParts = Pick<OtherFlowParts<OAuth1Transaction>, 'session' | 'events'>

/** The client of a call. */
export interface CallingClient {
  readonly config: OAuth1Config
  readonly parts: ReturnType<typeof wireOtherClient>
  /** Of the call. */
  readonly moment: ReturnType<TokenParts['session']['moment']>
}
