import type { ClientOptions } from '../client/client-options.js'
import type { ClientMetadata } from '../endpoints/register-client.js'
import type { ResourceMetadata } from '../endpoints/resource-metadata.js'
import type { OptionNames } from '../errors/unknown-options.js'

/** The options of the client that a connection passes on. */
type PassedOption =
  | 'redirectUri'
  | 'transport'
  | 'silent'
  | 'storage'
  | 'stepUp'
  | 'dpop'
  | 'par'
  | 'leeway'
  | 'clockTolerance'
  | 'timeout'
  | 'onTokenSet'
  | 'fetch'
  | 'now'
  | 'logger'
  | 'environment'

/** What a resource requires beyond the scope of its token, for `onStepUp`. */
export interface StepUpPrompt {
  /** The scope that is requested: what was granted, and what the resource requires. */
  readonly scope: string
  /** Starts the sign-in. Call it inside a click, so that the browser allows a popup. */
  readonly proceed: () => void
  /** Ends the attempt: the call gets the response of the resource, with status 403. */
  readonly decline: () => void
}

/**
 * Chooses an authorization server.
 *
 * @param servers issuers, in the order of the resource
 * @param metadata of the resource
 * @param former the one of the last connection to this resource, if it is among them
 */
export type ChooseAuthorizationServer = (
  servers: readonly string[],
  metadata: ResourceMetadata,
  former?: string,
) => string | null | undefined | Promise<string | null | undefined>

/** Options of {@link connectToResource}. Those of the client have the meaning that they have in `createOAuthClient`. */
export interface ResourceClientOptions extends Pick<ClientOptions, PassedOption> {
  /**
   * The client id that the authorization server gave this app. A function is called with the issuer, and returns undefined for a server at
   * which the app has no client id. Use a function if you do not control the resource: a string is sent to whichever server it names.
   */
  readonly clientId?: string | ((issuer: string) => string | undefined) | undefined
  /**
   * URL of the app's client ID metadata document, which is the client id at each server that says
   * `client_id_metadata_document_supported`. An https URL with a path.
   *
   * @see draft-ietf-oauth-client-id-metadata-document, section 3
   */
  readonly clientMetadataUrl?: string | undefined
  /**
   * Metadata for the registration at a server that knows neither a client id nor the metadata document of this app, such as `client_name`.
   * `redirect_uris` and the rest of what this client needs are added.
   *
   * @see RFC 7591, section 2
   */
  readonly clientMetadata?: ClientMetadata | undefined
  /** Space-separated, or a list: requested if neither the challenge nor the metadata of the resource names a scope. */
  readonly scope?: string | readonly string[] | undefined
  /**
   * Chooses one of the authorization servers that the resource names, or undefined for none of them. Called for one server as well, so that
   * an app can limit the servers that it signs in at. Default: the only one, else the one of the last connection to this resource.
   *
   * @see RFC 9728, section 7.6
   */
  readonly chooseAuthorizationServer?: ChooseAuthorizationServer | undefined
  /** The 401 response that the app has received from the resource already. Default: one is requested. */
  readonly challenge?: Response | undefined
  /**
   * Called if the resource requires a wider scope, so that the app can show a button: the sign-in starts when `proceed` is called. Without
   * it the sign-in starts at once, by the transport of `stepUp`.
   */
  readonly onStepUp?: ((prompt: StepUpPrompt) => void) | undefined
  /** Ends the discovery and the registration. */
  readonly signal?: AbortSignal | undefined
}

/** Only development loads it. Without spread: bundlers keep a spread of a constant although nothing uses the result. */
export const RESOURCE_CLIENT_OPTIONS: OptionNames<ResourceClientOptions> = {
  clientId: 'string | function',
  clientMetadataUrl: 'string',
  clientMetadata: 'object',
  scope: 'string | list',
  chooseAuthorizationServer: 'function',
  challenge: 'object',
  onStepUp: 'function',
  signal: 'signal',
  redirectUri: 'string',
  transport: "'redirect' | 'popup' | 'iframe' | object",
  silent: 'list',
  storage: 'object',
  stepUp: "'redirect' | 'popup' | 'iframe' | object",
  dpop: "boolean | object | 'required'",
  par: 'boolean',
  leeway: 'number',
  clockTolerance: 'number',
  timeout: 'number',
  onTokenSet: 'function',
  fetch: 'function',
  now: 'function',
  logger: 'object',
  environment: 'object',
}
