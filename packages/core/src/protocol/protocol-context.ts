import type { WWWAuthenticateChallenge } from 'oauth4webapi'
import type { OAuthClientError } from '../errors/errors.js'
import type { Environment } from '../platform/environment.js'
import type { Logger } from '../platform/logger.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { ClientAuthentication, ClientAuthenticationFunction } from './client-authentication.js'
import type { ComplianceHooks } from './compliance.js'
import type { IdTokenClaims } from './claims.js'
import type { IdTokenExpectation, ResponseExpectation } from './expectation.js'
import type {
  AuthorizationRequest,
  AuthorizationRequestInput,
  FurtherParameters,
  UnfinishedRequest,
} from './unfinished-request.js'
import type { Parameters, ProtocolOptions } from './protocol-options.js'
import type { Purpose } from './purpose.js'
import type { ServerMetadata, ServerRecord } from './server-metadata.js'
import type { AccessToken, TokenSet } from './token-set.js'

/** What the protocol functions need. They keep no state: the caller stores the server metadata, keys and clock offset. */
export interface ProtocolContext {
  readonly options: ProtocolOptions
  readonly environment: Environment
  readonly logger: Logger
  readonly load: () => Promise<ProtocolLoaders>
  /** Turns whatever was thrown into an error of this library with message, hint and section. */
  readonly explain: (cause: unknown) => Promise<OAuthClientError>
  /** @returns the stored server metadata and keys */
  readonly readServer: () => Promise<ServerRecord | undefined>
  readonly writeServer: (record: ServerRecord) => Promise<void>
  /** Without it, DPoP keys live as long as the page. */
  readonly keyStore?: KeyStore | undefined
  /** Seconds to add to the device clock to get the server's; 0 until known. */
  readonly clockOffsetSeconds: () => number
  /** Called when a response shows another offset, which applies from then on. */
  readonly noteClockOffset: (seconds: number) => void
}

/** Loads the parts of the protocol that few clients need, so that a bundler can put each in a chunk of its own. */
export interface ProtocolLoaders {
  /** `client-authentication/named-method.ts` */
  readonly clientAuthentication: () => Promise<{
    readonly namedMethod: (context: ProtocolContext, name: string) => ClientAuthenticationFunction
  }>
  /** `protocol/dpop.ts` */
  readonly dpop: () => Promise<{
    readonly dpopAlgorithm: (options: ProtocolOptions) => string
    readonly withOwnKey: (context: ProtocolContext) => ProtocolContext
    readonly restoreKey: (context: ProtocolContext) => Promise<ProtocolContext>
    readonly promoteKey: (context: ProtocolContext) => Promise<void>
    readonly endDPoPKey: (context: ProtocolContext, isStored: boolean) => Promise<void>
    readonly dpopThumbprint: (context: ProtocolContext) => Promise<string>
    readonly sendWithProof: (
      context: ProtocolContext,
      request: ProvenRequest,
      send: (headers: Headers) => Promise<Response>,
    ) => Promise<Response>
    readonly fetchWithProof: (
      context: ProtocolContext,
      token: AccessToken,
      request: Request,
      transmit: (request: Request) => Promise<Response>,
    ) => Promise<Response>
  }>
  /** `protocol/failures.ts` */
  readonly failures: () => Promise<{
    readonly acceptIssuer: (context: ProtocolContext, received: string, expected: string) => void
    readonly acceptsIssuer: (context: ProtocolContext, issuer: string) => boolean
    readonly authentication: (
      context: ProtocolContext,
      metadata: ServerMetadata,
      clientAuth: ClientAuthentication,
    ) => Promise<(request: Request) => Request | Promise<Request>>
    readonly authorizationError: (parameters: URLSearchParams) => OAuthClientError
    readonly checkComplianceHooks: (hooks: ComplianceHooks) => void
    readonly checkTokenType: (context: ProtocolContext, tokenType: string, others: readonly string[]) => void
    readonly extraTokenParameters: (options: ProtocolOptions, grantType: string) => Parameters
    readonly finishRequest: (context: ProtocolContext, unfinished: UnfinishedRequest) => Promise<AuthorizationRequest>
    readonly furtherParameters: (options: ProtocolOptions, input: AuthorizationRequestInput) => FurtherParameters
    readonly unusualExpiry: (context: ProtocolContext, body: Readonly<Record<string, unknown>>, now: number) => number | undefined
    readonly correctedContext: (context: ProtocolContext, error: OAuthClientError) => Promise<ProtocolContext>
    readonly discoverPlainOAuth: (
      context: ProtocolContext,
      first: unknown,
      tried: readonly string[],
      request: (address: string) => Promise<ServerMetadata>,
    ) => Promise<ServerMetadata>
    readonly unusualResponse: (
      context: ProtocolContext,
      callbackUrl: URL,
      expectation: ResponseExpectation,
    ) => Promise<URLSearchParams>
    readonly readJsonObject: (
      response: Response,
      purpose: Purpose,
      secrets?: readonly string[],
    ) => Promise<Readonly<Record<string, unknown>>>
  }>
  /** `protocol/foreign-parties.ts` */
  readonly foreignParties: () => Promise<{
    readonly acceptParties: (options: ProtocolOptions, metadata: ServerMetadata, claims: unknown) => AcceptedParties
    readonly isAcceptedIssuer: (options: ProtocolOptions, issuer: string) => boolean
  }>
  /** `protocol/front-channel.ts` */
  readonly frontChannel: () => Promise<{
    readonly processFrontChannel: (
      context: ProtocolContext,
      server: ServerRecord,
      parameters: URLSearchParams,
      expectation: ResponseExpectation,
    ) => Promise<TokenSet>
  }>
  /** What uses oauth4webapi: `protocol/id-token-checks.ts` and `protocol/challenges.ts`. */
  readonly oauth4webapi: () => Promise<{
    readonly readChallenges: (response: Response) => Promise<readonly WWWAuthenticateChallenge[]>
    readonly checkEveryIdToken: (
      context: ProtocolContext,
      server: ServerRecord,
      idToken: string,
      expectation: IdTokenExpectation,
    ) => Promise<IdTokenClaims>
  }>
  /** `protocol/signed-or-pushed-request.ts` */
  readonly signedOrPushedRequest: () => Promise<{
    readonly signOrPushRequest: (context: ProtocolContext, metadata: ServerMetadata, url: URL) => Promise<URL>
  }>
  /** `protocol/signed-response.ts` */
  readonly signedResponse: () => Promise<{
    readonly decryptJwt: (context: ProtocolContext, jwe: string) => Promise<string>
    readonly readJwtAuthorizationResponse: (
      context: ProtocolContext,
      server: ServerRecord,
      parameters: URLSearchParams,
    ) => Promise<URLSearchParams>
    readonly readSignedResponse: (
      context: ProtocolContext,
      server: ServerRecord,
      jwt: string,
      rules: SignedResponseRules,
    ) => Promise<Readonly<Record<string, unknown>>>
  }>
}

/** The parameters of a challenge. @see RFC 9110, section 11.2 */
export type ChallengeParameters = WWWAuthenticateChallenge['parameters']

/** A request of which a proof says that its sender has the key of the token. */
export interface ProvenRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  /** The token that is sent with it. */
  readonly accessToken?: string | undefined
}

/** Whose ID tokens the options accept. */
export interface AcceptedParties {
  readonly issuer: string
  /** Whether all audiences of the token are trusted, so that it need not name the client it was issued to. */
  readonly hasTrustedAudiences?: boolean | undefined
}

/** What a signed response of the server must be. */
export interface SignedResponseRules {
  /** As it reads in a message: `authorization response`. */
  readonly name: string
  readonly code: ErrorCode
  readonly spec: string
  /** From the client's metadata, never from the token (RFC 8725, section 3.1). */
  readonly algorithm: string
  readonly requiredClaims: readonly string[]
  /** `iss` and `aud` may be absent; they are compared if present. */
  readonly partiesOptional?: boolean | undefined
  /** Media type in the header. */
  readonly type?: string | undefined
}

/** Where keys that cannot be exported are stored (DPoP). */
export interface KeyStore {
  readonly storage: {
    get(key: string): Promise<unknown>
    /** Reads and writes in one step that no other tab can interrupt. */
    update(key: string, change: (stored: unknown) => unknown): Promise<void>
  }
  /** Prefix of the keys' names. */
  readonly prefix: string
}

/** Where server metadata and keys outlive the context. */
export interface ServerCache {
  read(): Promise<ServerRecord | undefined>
  write(record: ServerRecord): Promise<unknown>
}

/** What {@link createProtocolContext} takes besides the options. */
export interface ProtocolContextParts extends Pick<ProtocolContext, 'environment' | 'logger' | 'load' | 'explain' | 'keyStore'> {
  /** Default: metadata and keys live as long as the context. */
  readonly serverCache?: ServerCache | undefined
}

/** Creates the context of one client. Metadata and keys are read from the cache once and written through. */
export function createProtocolContext(
  options: ProtocolOptions,
  { serverCache, ...parts }: ProtocolContextParts,
): ProtocolContext {
  let known: ServerRecord | undefined
  let offsetSeconds = 0
  return {
    ...parts,
    options,
    async readServer() {
      if (known) return known
      const stored = await serverCache?.read()
      // A record written meanwhile is newer.
      known ??= stored
      return known
    },
    async writeServer(record) {
      known = record
      await serverCache?.write(record)
    },
    clockOffsetSeconds: () => offsetSeconds,
    noteClockOffset: (seconds) => (offsetSeconds = seconds),
  }
}
