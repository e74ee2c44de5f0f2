import type { OAuthClientError } from './errors.js'

// Throw sites name a reason and its facts. The texts are in `reason-texts.ts`, which is loaded when an error happens.

/** The texts of one error. What is absent is that of its code. */
export interface ReasonTexts {
  readonly message?: string | undefined
  readonly hint?: string | undefined
  readonly spec?: string | undefined
}

/** For each reason, the function that writes its texts. */
export type TextsOf<Group> = {
  readonly [Key in keyof Group]: Group[Key] extends readonly unknown[] ? (...facts: Group[Key]) => ReasonTexts : never
}

/** Of options and of authorization requests. */
export interface RequestReasons {
  readonly ownParameter: readonly [name: string, option: string]
  readonly credentials: readonly []
  readonly redirectUri: readonly [scheme: string | undefined]
  readonly redirectFragment: readonly []
  readonly emptyNonce: readonly []
  readonly changedState: readonly []
  readonly claimsNotJson: readonly []
  readonly notMade: readonly [cause: Error]
  readonly notListed: readonly [origin: string]
  readonly storageFailed: readonly [cause: string]
}

/** Of the steps of a sign-in. */
export interface SignInReasons {
  readonly callbackUrl: readonly []
  /** The address of the page. */
  readonly ownRequest: readonly [address: string]
  readonly redirectLoop: readonly [count: number]
  readonly noPage: readonly []
  readonly stateNotStored: readonly []
  readonly late: readonly [reason: string]
  readonly unknownState: readonly [error: string | undefined, description: string | undefined]
  readonly nestedFrame: readonly []
  /** What the runtime lacks. */
  readonly transport: readonly [name: string, missing: string]
}

/** Of addresses that requests go to. */
export interface AddressReasons {
  readonly noUrl: readonly [name: string, code: string]
  readonly plainHttp: readonly [name: string, code: string]
}

/** Of server metadata and keys. */
export interface ServerReasons extends AddressReasons {
  readonly noIssuerOption: readonly []
  /** The addresses of the metadata that were tried. */
  readonly tried: readonly [addresses: readonly string[], last: OAuthClientError]
  readonly noIssuer: readonly []
  readonly otherIssuer: readonly [received: string, expected: string]
  readonly noJwksUri: readonly []
  readonly noKeys: readonly []
  readonly unknownKey: readonly []
}

/** Of authorization responses. */
export interface AuthorizationReasons {
  readonly otherState: readonly []
  readonly noCode: readonly []
  readonly foreignParameter: readonly [name: string]
  readonly responseIssuer: readonly [received: string | undefined, expected: string]
  readonly repeated: readonly [name: string]
  readonly authorizationError: readonly [error: string, description: string | undefined]
}

/** Of responses in general. */
export interface ResponseReasons {
  /** With the message of another error. */
  readonly like: readonly [other: OAuthClientError]
  readonly failedStatus: readonly [name: string, status: number]
  readonly serverError: readonly [name: string, error: string, description: string | undefined]
  readonly mediaType: readonly [name: string, contentType: string | null, hook: string | undefined]
  readonly unexpectedBody: readonly [name: string, response: Response, isJson: boolean]
  readonly redirect: readonly [name: string]
  readonly tooLong: readonly [name: string, bytes: number]
  /** A key of `compliance` that is no hook, and the hooks that there are. */
  readonly noComplianceHook: readonly [name: string, hooks: readonly string[]]
  readonly unreadableMode: readonly [mode: string]
  /** Where a response arrived, and where it had to. */
  readonly movedCallback: readonly [address: string, redirectUri: string]
  readonly abortedRequest: readonly [name: string]
  readonly timedOut: readonly [name: string, seconds: number]
  readonly unreachable: readonly [name: string]
  readonly brokenSpec: readonly [cause: Error]
}

/** Of token responses. */
export interface TokenReasons {
  readonly tokenType: readonly [type: string]
  readonly notBound: readonly [type: string]
  readonly noMember: readonly [name: string, hook: string]
  readonly notText: readonly [name: string, hook: string]
}

/** Of ID tokens. */
export interface IdTokenReasons {
  readonly idTokenAlgorithm: readonly [algorithm: string]
  readonly idToken: readonly [cause: Error]
  /** The problem is a key of `id-token-reasons.ts`, or a text. */
  readonly claim: readonly [name: string, problem: string, section: string | undefined]
}

type Reasons = RequestReasons &
  SignInReasons &
  ServerReasons &
  AuthorizationReasons &
  ResponseReasons &
  TokenReasons &
  IdTokenReasons

/** Why an error was created. No fact is secret. */
export type Reason = { readonly [Key in keyof Reasons]: readonly [Key, ...Reasons[Key]] }[keyof Reasons]
