import type { AuthorizationDetails } from '../features/rar/authorization-details.js'
import type { ClientRecord } from '../storage/client-store.js'

/** A person who is signed in at this server. */
export interface SignedIn {
  readonly userId: string
  /**
   * Seconds since the epoch; default: now, or that of the running session of the same person. One later than the session's is a
   * new sign-in: so says a site that signs people in elsewhere.
   */
  readonly authTime?: number
  /** Kept with code and token, handed back by `verifyRequest`. JSON-safe. */
  readonly data?: Readonly<Record<string, unknown>>
  readonly acr?: string
  readonly amr?: readonly string[]
}

/** This browser's session at the server. */
export interface BrowserSession extends SignedIn {
  /** The `sid` that ID tokens and logout notices carry. Not the secret in the cookie. */
  readonly sid: string
  readonly authTime: number
  /** Clients that got tokens in this session. */
  readonly clients: readonly string[]
}

/** Why a page is needed: somebody must sign in, choose an account, or agree. */
export type InteractionReason = 'sign-in' | 'select-account' | 'consent'

/** An authorization request that the site is asked about. */
export interface Interaction {
  readonly request: Request
  /** What the host passed to `fetch` beside the request. */
  readonly env: unknown
  /** With an empty `clientId` where the sign-in is to the server's own list of CIBA requests. */
  readonly client: ClientRecord
  readonly scope: readonly string[]
  /** All parameters of the authorization request, by their wire names. */
  readonly params: URLSearchParams
  readonly redirectUri: string
  /** The code on the display of the device that asks, for the person to compare (RFC 8628, section 3.3.1). */
  readonly userCode: string | undefined
  readonly session: BrowserSession | undefined
  /** What a page of this server sent with its form; undefined while nothing was sent. The form token in it has been checked. */
  readonly form: URLSearchParams | undefined
  /** Which page the form answers: a button `action` need not say it. */
  readonly answered: InteractionReason | undefined
  readonly loginHint: string | undefined
  /** BCP 47 tags in order of preference. */
  readonly uiLocales: readonly string[]
  readonly acrValues: readonly string[]
  /** The `claims` parameter, parsed. @see OpenID Connect Core 1.0, section 5.5 */
  readonly claims: Readonly<Record<string, unknown>> | undefined
  /** What is asked for in detail. A consent to it counts once. @see RFC 9396 */
  readonly authorizationDetails: readonly AuthorizationDetails[]
}

/** What is needed to show a page about an interaction. */
export interface InteractionPage extends Interaction {
  readonly reason: InteractionReason
  /** Must be sent back in a hidden field named `csrf`; the form posts to `action`. */
  readonly formToken: string
  readonly action: string
  /** What went wrong with the last form, for the person to read. */
  readonly message: string | undefined
  /** What each of the `authorizationDetails` means, in a sentence: plain text, to be escaped. */
  readonly detailsTexts: readonly string[]
}

/** A page of which the server adds headers: policy, caching, framing. */
export interface Page {
  readonly status?: number
  /** The whole document. Inline styles carry the nonce; scripts do not run. */
  readonly html: (nonce: string) => string | Promise<string>
}

/** A form that asks nothing but yes or no, or for a few characters. */
export interface PlainForm {
  readonly action: string
  readonly formToken: string
  readonly client: ClientRecord | undefined
  readonly uiLocales: readonly string[]
}

/** A client's CIBA request that waits for a person's answer. */
export interface WaitingRequest {
  readonly requestId: string
  readonly client: ClientRecord
  readonly scope: readonly string[]
  /** What is asked for in detail. @see RFC 9396 */
  readonly authorizationDetails: readonly AuthorizationDetails[]
  /** What each of them means, in a sentence: plain text, to be escaped. */
  readonly detailsTexts: readonly string[]
  /** What the person sees where they began. Written by the client: plain text, to be escaped. */
  readonly bindingMessage: string | undefined
  readonly acrValues: readonly string[]
  readonly secondsLeft: number
}

/** What became of the last answer, or of the request that the address names. */
export type ApprovalOutcome = 'approved' | 'denied' | 'gone' | 'stale' | 'not-signed-in'

/** The page where a person answers clients that ask for them by CIBA. */
export interface ApprovalPage extends Omit<PlainForm, 'client'> {
  /** Who answers; undefined where they did not want to sign in. */
  readonly session: BrowserSession | undefined
  /** The one that the person came for is in front. */
  readonly requests: readonly WaitingRequest[]
  readonly outcome: ApprovalOutcome | undefined
  /** Where the page is seen anew. */
  readonly listUri: string
}

/** The place where the server meets the site it serves: who the person is, and which pages they see. */
export interface SiteAdapter {
  /**
   * Says who is there: from a form that was sent, from the session, or from what the host knows. Where `answered` is `sign-in`,
   * whoever is returned counts as having signed in just now: the session alone is no answer to that page. Where it is `consent`,
   * the same person returned means that they agree.
   *
   * @returns undefined where nobody is signed in; then the authorization page is rendered
   */
  authenticate(interaction: Interaction): SignedIn | undefined | Promise<SignedIn | undefined>
  /** @returns the page that asks the person to sign in, choose or agree; or a response of the site's own, such as a redirect */
  renderAuthorizationPage(page: InteractionPage): Page | Response | Promise<Page | Response>
  /** @returns whether the form that was sent says no; the client gets `access_denied` */
  userDeniedAccess(interaction: Interaction): boolean | Promise<boolean>
  /** @returns everything known of a person, by claim name; the server hands on what the scope allows */
  claims?(
    userId: string,
    query: { readonly scope: readonly string[]; readonly client: ClientRecord; readonly destination: 'id_token' | 'userinfo' },
  ): Readonly<Record<string, unknown>> | undefined | Promise<Readonly<Record<string, unknown>> | undefined>
  /** For the password grant. @returns undefined where the two do not fit */
  authenticatePassword?(credentials: {
    readonly username: string
    readonly password: string
    readonly client: ClientRecord
    readonly scope: readonly string[]
  }): SignedIn | undefined | Promise<SignedIn | undefined>
  /** Whether tokens are still renewed for somebody who signed in once. Default: yes. */
  isActive?(
    userId: string,
    about: { readonly client: ClientRecord; readonly scope: readonly string[] },
  ): boolean | Promise<boolean>
  /** Asks whether to sign out. */
  renderSignOutPage?(form: PlainForm): Page | Response | Promise<Page | Response>
  /**
   * Says that the person is signed out. `frames` are addresses that must be shown in frames, so that other applications hear of
   * it; `returnTo` is where the person goes on to after that.
   */
  renderSignedOutPage?(about: {
    readonly uiLocales: readonly string[]
    readonly frames: readonly string[]
    readonly returnTo: string | undefined
  }): Page | Response | Promise<Page | Response>
  /** Asks for the code that a device shows; the field is named `user_code`, the button `action` with the value `code`. */
  renderDevicePage?(form: PlainForm & { readonly message: string | undefined }): Page | Response | Promise<Page | Response>
  /** Says that the device goes on by itself, or that nothing was allowed. */
  renderDeviceDonePage?(about: {
    readonly allowed: boolean
    readonly client: ClientRecord
  }): Page | Response | Promise<Page | Response>
  /** For CIBA: whom a `login_hint` means; without this method, nobody. @returns the `userId` */
  findByLoginHint?(query: {
    readonly loginHint: string
    readonly client: ClientRecord
  }): string | undefined | Promise<string | undefined>
  /**
   * For CIBA: shows what waits for a person. Each request has a form of its own, with its `requestId` in a field `request` and two
   * buttons named `decision`, of which `approve` is the only value that says yes.
   */
  renderApprovalPage?(page: ApprovalPage): Page | Response | Promise<Page | Response>
  /** For faults that must not be sent to a client: an unknown client, a redirect URI that is not registered. */
  renderErrorPage?(fault: {
    readonly error: string
    readonly description: string
    readonly status: number
  }): Page | Response | Promise<Page | Response>
}
