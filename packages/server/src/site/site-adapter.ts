import type { RegistrationMismatch } from '../http/oauth-error.js'
import type { ClientRecord } from '../storage/client-record.js'
import type { ConsentParts, GivenConsent } from './consent-parts.js'

/** A user who is signed in at this server. */
export interface AuthenticatedUser {
  /** Identifies the user; the `sub` of tokens. */
  readonly userId: string
  /**
   * Seconds since the epoch; default: now, or that of the same user's session. A later time than the session's is a new sign-in, for
   * sites that sign users in elsewhere.
   */
  readonly authTime?: number | undefined
  /** Stored with code and tokens, and returned by `verifyRequest`. JSON-safe. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** The authentication context class that the sign-in reached. */
  readonly acr?: string | undefined
  /** The methods of the sign-in. */
  readonly amr?: readonly string[] | undefined
}

/** This browser's session at the server. */
export interface BrowserSession extends AuthenticatedUser {
  /** The `sid` in ID tokens and logout notices. Not the secret in the cookie. */
  readonly sid: string
  /** Seconds since the epoch. */
  readonly authTime: number
  /** Ids of the clients that got tokens in this session. */
  readonly clients: readonly string[]
}

/** Why a page is needed: the user must sign in, choose an account, or consent. */
export type InteractionReason = 'sign-in' | 'select-account' | 'consent'

/** An authorization request that the site handles for the server. */
export interface Interaction extends ConsentParts {
  /** The HTTP request. */
  readonly request: Request
  /** What the host passed to `fetch` beside the request. */
  readonly env: unknown
  /** The requesting client; with an empty `clientId` if the user signs in to the list of CIBA requests. */
  readonly client: ClientRecord
  /** All parameters of the authorization request, by their wire names. */
  readonly params: URLSearchParams
  /** Where the authorization response goes. `urn:ietf:wg:oauth:2.0:oob` if the user copies a code (OAuth 1.0a). */
  readonly redirectUri: string
  /** The code that the requesting device shows, for the user to compare (RFC 8628, section 3.3.1). */
  readonly userCode: string | undefined
  /** The browser's session, if it has one. */
  readonly session: BrowserSession | undefined
  /** The form that a page of this server sent, with a valid form token; undefined if none was sent. */
  readonly form: URLSearchParams | undefined
  /** Which page sent the form: a button `action` is not required. */
  readonly answered: InteractionReason | undefined
  /** The `login_hint` of the request. */
  readonly loginHint: string | undefined
  /** BCP 47 tags in order of preference. */
  readonly uiLocales: readonly string[]
  /** The requested authentication context classes. */
  readonly acrValues: readonly string[]
  /**
   * The `claims` parameter, parsed, without claims about the user that the client may not request. Those that need consent are in
   * `individualClaims`. @see OpenID Connect Core 1.0, section 5.5
   */
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** What a page about an interaction shows. */
export interface InteractionPage extends Interaction {
  /** Why the page is needed. */
  readonly reason: InteractionReason
  /** Must be in a hidden field named `csrf`. */
  readonly formToken: string
  /** Where the form posts to. */
  readonly action: string
  /** What went wrong with the last form, for the user to read. */
  readonly message: string | undefined
  /** One sentence for each of the `authorizationDetails`: plain text that must be escaped. */
  readonly detailsTexts: readonly string[]
}

/** A page; the server adds headers for its policy, caching and framing. */
export interface Page {
  /** The HTTP status; default 200. */
  readonly status?: number
  /** Returns the whole document. Inline styles need the nonce; scripts do not run. */
  readonly html: (nonce: string) => string | Promise<string>
}

/** A form that needs no more than a button or a short text. */
export interface PlainForm {
  /** Where the form posts to. */
  readonly action: string
  /** Must be in a hidden field named `csrf`. */
  readonly formToken: string
  /** The client that the form is about, if there is one. */
  readonly client: ClientRecord | undefined
  /** BCP 47 tags in order of preference. */
  readonly uiLocales: readonly string[]
}

/** The accounts that the site's sign-in page offers. A form with the `action` `switch` leads to that page. */
export interface Accounts {
  /** Returns the name that pages show for a user; undefined: the `userId`. */
  nameOf(userId: string): string | undefined
}

/** The interface between the server and the site that it serves: who the user is, and which pages they see. */
export interface SiteAdapter {
  /**
   * Returns the user: from a form that was sent, from the session, or from what the host knows. If `answered` is `sign-in`, the
   * returned user has just signed in, so the session alone must not be returned. If it is `consent`, the same user consents.
   *
   * @returns undefined if no user is signed in; then the authorization page is rendered
   */
  authenticate(interaction: Interaction): AuthenticatedUser | undefined | Promise<AuthenticatedUser | undefined>
  /** Renders the page on which the user signs in, chooses an account or consents; or returns another response, such as a redirect. */
  renderAuthorizationPage(page: InteractionPage): Page | Response | Promise<Page | Response>
  /** Tells whether the form that was sent denies the request; then the client gets `access_denied`. */
  userDeniedAccess(interaction: Interaction): boolean | Promise<boolean>
  /**
   * Returns what the user agreed to, after a consent page whose user may choose. An absent member means all that the page showed; more
   * than that is refused. Default: everything. The next request for the rest shows the page again.
   */
  readConsent?(interaction: Interaction): GivenConsent | undefined | Promise<GivenConsent | undefined>
  /** Returns all claims of a user by their names; the server passes on what the scope allows. */
  claims?(
    userId: string,
    query: { readonly scope: readonly string[]; readonly client: ClientRecord; readonly destination: 'id_token' | 'userinfo' },
  ): Readonly<Record<string, unknown>> | undefined | Promise<Readonly<Record<string, unknown>> | undefined>
  /** Checks a password for the password grant. Returns undefined if it is wrong. */
  authenticatePassword?(credentials: {
    readonly username: string
    readonly password: string
    readonly client: ClientRecord
    readonly scope: readonly string[]
  }): AuthenticatedUser | undefined | Promise<AuthenticatedUser | undefined>
  /** Tells whether a user's tokens may still be refreshed. Default: yes. */
  isActive?(
    userId: string,
    token: { readonly client: ClientRecord; readonly scope: readonly string[] },
  ): boolean | Promise<boolean>
  /** Returns the `userId` that a `login_hint` identifies, for requests without a browser (CIBA). Default: none. */
  findByLoginHint?(query: {
    readonly loginHint: string
    readonly client: ClientRecord
  }): string | undefined | Promise<string | undefined>
  /** The accounts that a user can switch between, for pages of the server. */
  readonly accounts?: Accounts | undefined
  /** Renders the confirmation of a sign-out. */
  renderSignOutPage?(form: PlainForm): Page | Response | Promise<Page | Response>
  /**
   * Renders the end of a sign-out. `frames` are URLs that must be loaded in frames, to notify other applications; `returnTo` is where
   * the user continues after that; with `needsClick` not by itself, since a stranger has registered the address.
   */
  renderSignedOutPage?(page: {
    readonly uiLocales: readonly string[]
    readonly frames: readonly string[]
    readonly returnTo: string | undefined
    readonly needsClick?: boolean | undefined
  }): Page | Response | Promise<Page | Response>
  /**
   * Renders errors that must not be sent to a client: an unknown client, an unregistered redirect URI. With `continueTo` the error may be
   * sent there, but only by the user's click: a stranger has registered the client. `registration` is for pages that only developers see.
   */
  renderErrorPage?(error: {
    readonly error: string
    readonly description: string
    readonly status: number
    readonly continueTo?: string | undefined
    readonly registration?: RegistrationMismatch | undefined
  }): Page | Response | Promise<Page | Response>
}
