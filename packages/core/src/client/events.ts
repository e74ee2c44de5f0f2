import type { OAuthClientError } from '../errors/errors.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

/** What a client tells its listeners (`client.on(name, listener)`). */
export interface ClientEvents {
  /** A sign-in ended well in this tab. */
  'signed-in': { readonly tokenSet: TokenSet; readonly returnTo: string | undefined }
  /** The session is over: by the user (here or in another tab), or by the server's own word. */
  'signed-out': {
    readonly reason: 'logout' | 'other-tab' | 'session-ended' | 'user-changed'
    readonly error?: OAuthClientError | undefined
  }
  /** Another user signed in where one was signed in before. Caches of the former one must go. */
  'user-changed': { readonly formerSubject: string | undefined; readonly subject: string | undefined }
  'token-set': { readonly tokenSet: TokenSet; readonly reason: TokenSetReason }
  'refresh-failed': { readonly error: OAuthClientError }
  /** Told once: storage failed and the session lives in memory. */
  'storage-degraded': { readonly error: OAuthClientError }
  /** A callback URL whose `state` this browser does not know: nothing was changed. */
  'callback-ignored': { readonly reason: string }
  error: { readonly error: OAuthClientError }
}
