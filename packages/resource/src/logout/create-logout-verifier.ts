import { memoryReplayStore, type ReplayStore } from '../dpop/replay-store.js'
import { sha256 } from '../dpop/verify-proof.js'
import { boundedFetch, type Fetch } from '../http/fetch-json.js'
import { isRecord } from '../http/is-record.js'
import { readForm } from '../http/read-form.js'
import { ResourceError } from '../http/resource-error.js'
import { createIssuer } from '../issuers/create-issuer.js'
import type { IssuerOptions } from '../issuers/issuer-options.js'
import { textOf, type CheckedToken } from '../issuers/token-claims.js'
import { checkNames } from '../verifier/verifier-options.js'

/** Options of `createLogoutVerifier`. */
export interface LogoutVerifierOptions extends Pick<IssuerOptions, 'issuer' | 'jwks' | 'jwksUri' | 'algorithms'> {
  /** The client whose users are signed out: the audience of the logout tokens. Several, if several apps share the address. */
  readonly clientId: string | readonly string[]
  /** Remembers the tokens that were used. If the app is several processes, they must share it. Default: `memoryReplayStore()`. */
  readonly replayStore?: ReplayStore | undefined
  /** Seconds by which clocks may differ. Default 30. */
  readonly clockTolerance?: number | undefined
  /** Sends requests to the issuer. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined
  /** Returns the time in milliseconds since the epoch. Default `Date.now`; for tests. */
  readonly now?: (() => number) | undefined
}

/** Which sessions an issuer has ended. At least one of `sub` and `sid` is there. */
export interface LogoutNotice {
  /** The issuer. */
  readonly issuer: string
  /** The user: without `sid`, all of their sessions. */
  readonly sub: string | undefined
  /** The session, as in the claim `sid` of its ID tokens. */
  readonly sid: string | undefined
}

/** Checks the logout tokens that an issuer sends to an app. */
export interface LogoutVerifier {
  /** Checks a logout token. Rejects with ResourceError. A token is accepted once. */
  verify(logoutToken: string): Promise<LogoutNotice>
  /**
   * Handles the issuer's request to the `backchannel_logout_uri`, or its form if a parser has read it: calls `onLogout`, and returns the
   * response to send. It never rejects: if `onLogout` fails, the issuer gets 400.
   */
  handle(request: Request | URLSearchParams, onLogout: (notice: LogoutNotice) => void | Promise<void>): Promise<Response>
}

/** The member of `events` that makes a token a logout token. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

const NAMES: Readonly<Record<keyof LogoutVerifierOptions, true>> = {
  issuer: true,
  jwks: true,
  jwksUri: true,
  algorithms: true,
  clientId: true,
  replayStore: true,
  clockTolerance: true,
  fetch: true,
  now: true,
}

/**
 * Creates the verifier of an issuer's logout tokens. Throws a TypeError for options that are wrong.
 *
 * @see OpenID Connect Back-Channel Logout 1.0, sections 2.4 to 2.8
 */
export function createLogoutVerifier(options: LogoutVerifierOptions): LogoutVerifier {
  checkNames('createLogoutVerifier', options, NAMES)
  const { issuer, jwks, jwksUri, algorithms, clientId, clockTolerance = 30, now = Date.now } = options
  const { replayStore = memoryReplayStore({ now }), fetch = (url, init) => globalThis.fetch(url, init) } = options
  const source = createIssuer(
    {
      issuer,
      jwks,
      jwksUri,
      algorithms,
      profile: { types: ['logout+jwt', 'jwt', ''], requiredClaims: ['aud', 'iat', 'jti', 'events'], check: whyNot },
    },
    { audience: [clientId].flat(), fetch: boundedFetch(fetch), clockTolerance, now },
  )
  const verify = async (logoutToken: string): Promise<LogoutNotice> => {
    const { claims } = await source.verifyJwt(logoutToken).catch((error: unknown) => {
      throw asLogoutError(error)
    })
    await markUsed({ claims, clockTolerance, replayStore, issuer })
    return { issuer, sub: textOf(claims['sub']), sid: textOf(claims['sid']) }
  }
  return {
    verify,
    handle: async (request, onLogout) => {
      try {
        const form = request instanceof URLSearchParams ? request : await formOf(request)
        await onLogout(await verify(tokenIn(form)))
        return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
      } catch (error) {
        return refusalOf(error)
      }
    },
  }
}

/** @see OpenID Connect Back-Channel Logout 1.0, section 2.6 */
function whyNot(claims: Readonly<Record<string, unknown>>): string | undefined {
  const { events, nonce, sub, sid } = claims
  if (!isRecord(events) || !isRecord(events[EVENT])) return `its "events" do not have the member ${EVENT}`
  if (nonce !== undefined) return 'it has a "nonce", which only ID tokens have'
  const empty = ['sub', 'sid', 'jti'].find((name) => claims[name] !== undefined && !textOf(claims[name]))
  if (empty !== undefined) return `its "${empty}" is no text`
  return sub === undefined && sid === undefined ? 'it has neither "sub" nor "sid"' : undefined
}

interface UsedToken extends Pick<CheckedToken, 'claims' | 'issuer'> {
  readonly clockTolerance: number
  readonly replayStore: ReplayStore
}

/** Throws for a token that was used before, as long as it would be accepted. */
async function markUsed({ claims, issuer, clockTolerance, replayStore }: UsedToken): Promise<void> {
  const key = `logout:${await sha256(`${issuer} ${claims.jti}`)}`
  const until = ((claims.exp ?? 0) + 2 * clockTolerance) * 1000
  const isFirst = await replayStore.add(key, 1, until).catch((cause: unknown) => {
    throw new ResourceError('temporarily_unavailable', 'the logout token could not be checked', { cause })
  })
  if (!isFirst) throw new ResourceError('invalid_token', 'the logout token is not valid: it was used before')
}

/** The checks are those of access tokens, and so are their texts. */
function asLogoutError(error: unknown): unknown {
  if (!(error instanceof ResourceError) || error.code !== 'invalid_token') return error
  return new ResourceError(error.code, error.description.replace('access token', 'logout token'), { cause: error })
}

async function formOf(request: Request): Promise<URLSearchParams> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '')
  if (request.method === 'POST' && isForm) return readForm(request)
  throw new ResourceError('invalid_request', 'the request must be a POST with a form (Back-Channel Logout 1.0, section 2.5)')
}

function tokenIn(form: URLSearchParams): string {
  const tokens = form.getAll('logout_token')
  if (tokens.length === 1 && tokens[0] !== undefined) return tokens[0]
  throw new ResourceError('invalid_request', 'the form must have one "logout_token"')
}

/** @see OpenID Connect Back-Channel Logout 1.0, section 2.8 */
function refusalOf(error: unknown): Response {
  const isKnown = error instanceof ResourceError
  const body = isKnown
    ? { error: error.code === 'invalid_token' ? 'invalid_request' : error.code, error_description: error.description }
    : { error: 'server_error', error_description: 'the sessions could not be ended' }
  const status = isKnown && error.status >= 500 ? error.status : 400
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
