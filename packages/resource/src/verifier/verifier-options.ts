import type { Fetch } from '../http/fetch-json.js'
import type { ResourceError } from '../http/resource-error.js'
import type { TokenPlace } from '../http/find-token.js'
import type { IssuerOptions } from '../issuers/issuer-options.js'
import type { ReplayStore } from '../dpop/replay-store.js'
import type { StandardSchema } from './standard-schema.js'
import type { AccessTokenClaims } from './verified-token.js'

/** How DPoP proofs are checked. @see RFC 9449 */
export interface DpopCheckOptions {
  /** Whether bearer tokens are refused. Default false: bound tokens need a proof, others are bearer tokens. */
  readonly required?: boolean | undefined
  /**
   * At least 32 random bytes, the same in every process of the API. With it, every proof must contain a nonce of this API, which limits
   * for how long proofs can be made in advance (section 9). Default: no nonce.
   */
  readonly nonceSecret?: Uint8Array | undefined
  /** Remembers the proofs that were used. If the API is several processes, they must share it. Default: `memoryReplayStore()`. */
  readonly replayStore?: ReplayStore | undefined
}

/** Members of the metadata that the verifier does not know by itself. @see RFC 9728, section 2 */
export interface ResourceMetadataOptions {
  /** The scope values that clients may request, for example `['orders:read']`. */
  readonly scopes_supported?: readonly string[] | undefined
  /** A name for users. */
  readonly resource_name?: string | undefined
  /** A page for developers. */
  readonly resource_documentation?: string | undefined
  /** A page about the policy of the API. */
  readonly resource_policy_uri?: string | undefined
  /** A page about the terms of service. */
  readonly resource_tos_uri?: string | undefined
  /** Any other member. */
  readonly [name: string]: unknown
}

/** A list of issuers, which may contain the lists that a function of `@latchkey/resource/providers` returns. */
export type IssuerList = ReadonlyArray<string | IssuerOptions | readonly IssuerOptions[]>

/** Options of `createTokenVerifier`. */
export interface TokenVerifierOptions<Claims extends object = AccessTokenClaims> {
  /** Whose tokens are accepted: issuer identifiers such as `https://id.example.com`, `IssuerOptions`, or a list of both. */
  readonly issuer: string | IssuerOptions | IssuerList
  /** What the tokens must be for: a value of their claim `aud`, or several. An issuer may have its own. */
  readonly audience?: string | readonly string[] | undefined
  /**
   * The URL of this API: its resource identifier (RFC 9728, section 1.2), and the origin at which clients reach it, which DPoP proofs
   * contain. Default: the first audience that is a URL with https, or with http on this machine.
   */
  readonly resource?: string | undefined
  /**
   * The origin of the API as clients know it, such as `https://api.example.com`. Default: that of `resource`; requests to this machine
   * (`localhost`) may have proofs for it as well, unless `origin` is set.
   */
  readonly origin?: string | undefined
  /** Checks and types the claims of the token: zod, valibot, arktype or another Standard Schema. */
  readonly claims?: StandardSchema<Claims> | undefined
  /**
   * Where the token may be: in the `Authorization` header, in a form or in the query. Default `['header']`. A query ends up in logs
   * and in the history (RFC 6750, section 5.3).
   */
  readonly places?: readonly TokenPlace[] | undefined
  /** How DPoP proofs are checked; `false` refuses them and the tokens that need them. */
  readonly dpop?: DpopCheckOptions | false | undefined
  /** Members of the protected resource metadata. `false` serves none. */
  readonly metadata?: ResourceMetadataOptions | false | undefined
  /** Seconds by which clocks may differ. Default 30. */
  readonly clockTolerance?: number | undefined
  /** Called with the reason of every refused request, for logs. It contains no token. */
  readonly onRefused?: ((error: ResourceError, request: Request) => void) | undefined
  /** Sends requests to the issuers. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined
  /** Returns the time in milliseconds since the epoch. Default `Date.now`; for tests. */
  readonly now?: (() => number) | undefined
}

const NAMES: Readonly<Record<keyof TokenVerifierOptions, true>> = {
  issuer: true,
  audience: true,
  resource: true,
  origin: true,
  claims: true,
  places: true,
  dpop: true,
  metadata: true,
  clockTolerance: true,
  onRefused: true,
  fetch: true,
  now: true,
}

/** Throws a TypeError for an unknown option: some of them protect something, so a misspelled one must not be ignored. */
export function checkVerifierOptions(options: TokenVerifierOptions<object>): void {
  checkNames('createTokenVerifier', options, NAMES)
  const { dpop, clockTolerance = 0 } = options
  if (dpop !== undefined && dpop !== false) checkDpop(dpop)
  if (typeof clockTolerance !== 'number' || !(clockTolerance >= 0 && clockTolerance <= 600)) {
    throw new TypeError(
      `createTokenVerifier: "clockTolerance" must be from 0 to 600 seconds. Received ${JSON.stringify(clockTolerance)}`,
    )
  }
}

function checkDpop(dpop: DpopCheckOptions): void {
  if (typeof dpop !== 'object' || dpop === null) {
    throw new TypeError(
      `createTokenVerifier: "dpop" must be an object such as { required: true }, or false. Received ${JSON.stringify(dpop)}`,
    )
  }
  checkNames('createTokenVerifier: "dpop"', dpop, { required: true, nonceSecret: true, replayStore: true })
  const { nonceSecret } = dpop
  if (nonceSecret === undefined || nonceSecret.byteLength >= 32) return
  throw new TypeError(
    `createTokenVerifier: "dpop.nonceSecret" must have at least 32 random bytes. Received ${nonceSecret.byteLength} (RFC 7518, section 3.2)`,
  )
}

/** Throws a TypeError for a member that is not known. */
export function checkNames(owner: string, value: object, known: Readonly<Record<string, true>>): void {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${owner}: expected an object. Received ${JSON.stringify(value)}`)
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw new TypeError(`${owner}: "${unknown}" is unknown. Known: ${Object.keys(known).join(', ')}`)
}
