import type { AuthorizationDetails } from '../rar/authorization-details.js'
import type { ClientRecord } from '../../storage/client-store.js'

/** What a client asks a person by CIBA, for whoever tells them. */
export interface BackchannelRequest {
  /** Names the request at `approvalUri` and for `decideBackchannelRequest`. The client's own `auth_req_id` stays with the client. */
  readonly requestId: string
  readonly client: ClientRecord
  readonly userId: string
  readonly scope: readonly string[]
  /** What is asked for in detail. @see RFC 9396 */
  readonly authorizationDetails: readonly AuthorizationDetails[]
  /** What the person sees where they began, so that they can compare. Written by the client: plain text, to be escaped. */
  readonly bindingMessage: string | undefined
  readonly acrValues: readonly string[]
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** The page of this server where the person signs in and says yes or no. */
  readonly approvalUri: string
}

/** How the CIBA grant works. Hooks may throw an `OAuthError` of their own. @see OpenID Connect CIBA Core 1.0, sections 7 and 13 */
export interface CibaSettings {
  /** Seconds that a request waits for the person. Default 300. */
  readonly requestLifetime: number
  /** Seconds; the most that a client gets by `requested_expiry`. Default 900. */
  readonly longestLifetime: number
  /** Seconds that a client waits between polls. Default 5. */
  readonly interval: number
  /** Seconds, at least 60; who signed in longer ago signs in again before they see what waits. Default: as long as the session lasts. */
  readonly maxAge?: number
  /**
   * Tells the person, by whatever reaches them: a push message, an e-mail. Without it they open the page by themselves. What it
   * throws withdraws the request; an `OAuthError` `access_denied` with the status 403 refuses it.
   */
  readonly notifyUser?: (request: BackchannelRequest) => void | Promise<void>
  /** Reads a `login_hint_token`, which is refused without this hook. @returns the `userId`; undefined where it means nobody */
  readonly readLoginHintToken?: (token: string, client: ClientRecord) => string | undefined | Promise<string | undefined>
  /**
   * Compares a `user_code`: a word by which the person shows the client that they are willing to be asked. Asked also where none was
   * sent. Wrong guesses are for the hook to count.
   *
   * @returns whether the person may be asked
   */
  readonly checkUserCode?: (asked: {
    readonly userCode: string | undefined
    readonly userId: string
    readonly client: ClientRecord
  }) => boolean | Promise<boolean>
}
