import { accessTokenStore, type AccessTokenStore } from './access-token-store.js'
import type { AtomicStore } from './atomic-store.js'
import { authCodeStore, type AuthCodeStore } from './auth-code-store.js'

/** The stores of a server. One key-value store may serve as all of them. */
export interface Stores {
  /** Access and refresh tokens. */
  readonly accessTokens: AccessTokenStore
  /** Authorization codes. */
  readonly authCodes: AuthCodeStore
  /** Everything else, which is kept for minutes or hours: browser sessions, consent, pushed requests, device codes, used `jti`s. */
  readonly state: AtomicStore
}

/** Creates all stores of a server over one key-value store. */
export function storesOver(store: AtomicStore): Stores {
  return { accessTokens: accessTokenStore(store), authCodes: authCodeStore(store), state: store }
}
