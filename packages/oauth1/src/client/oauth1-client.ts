import type { OAuthClient, TokenSet, UserClaims } from '@latchkey/core'
import type { Credentials, ReceivedCredentials } from './credentials.js'

/** Options of {@link OAuth1Client.temporaryCredentials}. */
export interface TemporaryCredentialsOptions {
  /** Default: the option of the client. */
  readonly callbackUrl?: string | undefined
  /** More parameters that the provider defines. They are sent as a form body and signed. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A client for one provider with OAuth 1.0a. It has the interface of every other client, so that the hooks of `@latchkey/react` accept it,
 * and the three steps one by one. `refresh`, `revoke`, `introspect` and `getAccessToken` reject: a token is no use without a signature,
 * and OAuth 1.0a has no such requests.
 *
 * @see RFC 5849
 */
export interface OAuth1Client<Claims = UserClaims> extends OAuthClient<Claims> {
  /**
   * Step 1: requests temporary credentials.
   *
   * @throws ServerError token_error; ValidationError invalid_response, also without `oauth_callback_confirmed=true`; NetworkError
   * @see RFC 5849, section 2.1
   */
  temporaryCredentials(options?: TemporaryCredentialsOptions): Promise<ReceivedCredentials>
  /**
   * Step 2: builds the URL where the user allows the access.
   *
   * @param credentials of step 1
   * @param parameters more parameters that the provider defines
   * @see RFC 5849, section 2.2
   */
  authorizationUrl(credentials: Pick<Credentials, 'token'>, parameters?: Readonly<Record<string, string>>): URL
  /**
   * Step 3: requests token credentials, and signs the user in.
   *
   * @param credentials of step 1
   * @param verifier `oauth_verifier` of the callback, or what the user has copied
   * @throws ValidationError missing_code without a verifier, invalid_response; ServerError token_error; NetworkError
   * @see RFC 5849, section 2.3
   */
  tokenCredentials(
    credentials: Credentials,
    verifier: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<TokenSet>
}
