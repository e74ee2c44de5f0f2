import type { ConsentParts } from '../../site/consent-parts.js'
import type { BrowserSession, Page, PlainForm } from '../../site/site-adapter.js'
import type { AuthorizationDetails } from '../../storage/authorization-details.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { GrantSettings } from '../../token/grants/grant-settings.js'

/** A CIBA request, for the hook that notifies the user. */
export interface BackchannelRequest {
  /** Identifies the request at `approvalUri` and for `decideBackchannelRequest`. The client's own `auth_req_id` is never exposed. */
  readonly requestId: string
  /** The requesting client. */
  readonly client: ClientRecord
  /** The user who must decide. */
  readonly userId: string
  /** The requested scope. */
  readonly scope: readonly string[]
  /** Where the access token would be valid; absent: everywhere. @see RFC 8707 */
  readonly resources?: readonly string[] | undefined
  /** The requested details. @see RFC 9396 */
  readonly authorizationDetails: readonly AuthorizationDetails[]
  /** What the user also sees at the client, to compare. Written by the client: plain text that must be escaped. */
  readonly bindingMessage: string | undefined
  /** The requested authentication context classes. */
  readonly acrValues: readonly string[]
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** The page of this server where the user signs in and decides. */
  readonly approvalUri: string
}

/** A CIBA request on the approval page. */
export interface WaitingRequest extends ConsentParts {
  /** Identifies the request in the form. */
  readonly requestId: string
  /** The requesting client. */
  readonly client: ClientRecord
  /** One sentence for each of them: plain text that must be escaped. */
  readonly detailsTexts: readonly string[]
  /** What the user also sees at the client, to compare. Written by the client: plain text that must be escaped. */
  readonly bindingMessage: string | undefined
  /** The requested authentication context classes. */
  readonly acrValues: readonly string[]
  /** Seconds until the request expires. */
  readonly secondsLeft: number
}

/** The result of the last decision, or the state of the request that the URL names. */
export type ApprovalOutcome = 'approved' | 'denied' | 'gone' | 'stale' | 'not-signed-in'

/** The page where a user decides about CIBA requests. */
export interface ApprovalPage extends Omit<PlainForm, 'client'> {
  /** The user's session; undefined if the user did not sign in. */
  readonly session: BrowserSession | undefined
  /** The request that the URL names comes first. */
  readonly requests: readonly WaitingRequest[]
  /** What to tell the user about the last decision. */
  readonly outcome: ApprovalOutcome | undefined
  /** The URL that loads the page again. */
  readonly listUri: string
}

/** How the CIBA feature works. Hooks may throw an `OAuthError`. @see OpenID Connect CIBA Core 1.0, sections 7 and 13 */
export interface CibaSettings {
  /** Seconds that a request waits for the user. Default 300. */
  readonly requestLifetime: number
  /** The most seconds that a client gets by `requested_expiry`. Default 900. */
  readonly longestLifetime: number
  /** Seconds that a client waits between polls. Default 5. */
  readonly interval: number
  /** Seconds, at least 60, after which a user must sign in again before seeing the requests. Default: as long as the session lasts. */
  readonly maxAge?: number | undefined
  /**
   * Notifies the user, by a push message or an e-mail for example. Without it, users open the page on their own. An error withdraws
   * the request; an `OAuthError` `access_denied` with the status 403 refuses it.
   */
  readonly notifyUser?: ((request: BackchannelRequest) => void | Promise<void>) | undefined
  /** Reads a `login_hint_token`, which is refused without this hook. Returns the `userId`; undefined if it identifies no user. */
  readonly readLoginHintToken?:
    | ((token: string, client: ClientRecord) => string | undefined | Promise<string | undefined>)
    | undefined
  /**
   * Compares a `user_code`: a secret that the user gives to the client as consent to such requests. Also called if none was sent. Wrong
   * guesses are limited by the server's `guessLimits`.
   *
   * @returns whether the client may request the user's decision
   */
  readonly checkUserCode?:
    | ((request: {
        readonly userCode: string | undefined
        readonly userId: string
        readonly client: ClientRecord
      }) => boolean | Promise<boolean>)
    | undefined
  /**
   * Renders the approval page. Each request has its own form, with its `requestId` in a field `request` and two buttons named
   * `decision`; only the value `approve` approves. With a field `choice`, the approval is for the scope names in fields `scope`, else for all;
   * `openid` is always among them. Default: the server's own page.
   */
  readonly renderApprovalPage?: ((page: ApprovalPage) => Page | Response | Promise<Page | Response>) | undefined
}

/** The settings, and the grant that requests are made for. */
export interface CibaContext {
  readonly settings: CibaSettings
  readonly grant: GrantSettings
}
