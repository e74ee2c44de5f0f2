import { memoryReplayStore } from '../dpop/replay-store.js'
import { DPOP_ALGORITHMS } from '../dpop/verify-proof.js'
import { refusalOf, type ChallengeContext } from '../http/challenge.js'
import { boundedFetch } from '../http/fetch-json.js'
import { secureUrl } from '../http/loopback.js'
import { toUrl } from '../http/parse-url.js'
import type { TokenPlace } from '../http/find-token.js'
import { findPresentedToken } from '../http/presented-token.js'
import { ResourceError } from '../http/resource-error.js'
import { createIssuer, type Issuer, type IssuerContext } from '../issuers/create-issuer.js'
import type { IssuerOptions } from '../issuers/issuer-options.js'
import { textOf, type TokenClaims } from '../issuers/token-claims.js'
import { invalid } from '../issuers/verify-jwt.js'
import { checkBinding, type BindingContext } from './check-binding.js'
import { registerEngine, verifyWith, type Engine, type Verification } from './engine.js'
import { checkByIssuer } from './find-token.js'
import type { KnownAddress } from './known-url.js'
import { checkToken, type TokenRequirements } from './requirements.js'
import { createResourceMetadata, metadataUrlOf, respondWithMetadata, type ResourceMetadata } from './resource-metadata.js'
import { pathsOf } from './standard-schema.js'
import { checkVerifierOptions, type TokenVerifierOptions } from './verifier-options.js'
import type { AccessTokenClaims } from './verified-token.js'

/** Checks the access tokens of an API's requests. */
export interface TokenVerifier<Claims extends object = AccessTokenClaims> {
  /** Checks the token of a request, and what it must have. It rejects for requirements that are wrong only; the body of the request is left unread. */
  verify(request: Request, requirements?: TokenRequirements): Promise<Verification<Claims>>
  /** The protected resource metadata; undefined if the API has no `resource`, or with `metadata: false`. */
  readonly metadata: ResourceMetadata | undefined
  /** The URL at which they must be served; it is in every challenge. @see RFC 9728, section 3 */
  readonly metadataUrl: string | undefined
  /** Responds to a request for the metadata; undefined for any other request. */
  handleMetadata(request: Request): Response | undefined
}

/**
 * Creates the verifier of an API's access tokens: JWTs of any issuer, opaque tokens by introspection, DPoP proofs, scope and step-up.
 * Nothing is fetched until the first request. Throws a TypeError for options that are wrong.
 *
 * @see RFC 9068; RFC 7662; RFC 9449; RFC 6750; RFC 9470; RFC 9728
 */
export function createTokenVerifier<Claims extends object = AccessTokenClaims>(
  options: TokenVerifierOptions<Claims>,
): TokenVerifier<Claims> {
  checkVerifierOptions(options)
  const settings = settingsOf(options)
  const engine = createEngine(options, settings)
  const { metadata, challenge } = settings
  const { metadataUrl } = challenge
  const verifier: TokenVerifier<Claims> = {
    verify: (request, requirements = {}) =>
      verifyWith(
        engine,
        () => request,
        requirements,
        () => engine.authenticate({ request }),
      ),
    metadata,
    metadataUrl,
    handleMetadata: (request) =>
      metadata && metadataUrl !== undefined ? respondWithMetadata(request, metadataUrl, metadata) : undefined,
  }
  registerEngine(verifier, engine)
  return verifier
}

interface Settings {
  readonly issuers: readonly Issuer[]
  readonly places: readonly TokenPlace[]
  readonly binding: BindingContext
  readonly challenge: ChallengeContext
  readonly metadata: ResourceMetadata | undefined
  readonly clockTolerance: number
  readonly now: () => number
}

function settingsOf(options: TokenVerifierOptions<object>): Settings {
  const { places = ['header'], clockTolerance = CLOCK_TOLERANCE, now = Date.now } = options
  checkPlaces(places)
  const audience = options.audience === undefined ? [] : [options.audience].flat()
  const fetch = boundedFetch(options.fetch ?? ((url, init) => globalThis.fetch(url, init)))
  const issuers = issuersOf(options, { audience, fetch, clockTolerance, now })
  const resource = resourceOf(options, audience)
  const binding = bindingOf(options, resource, now)
  const metadata = metadataOf(options, { resource, places, issuers: issuers.map(({ issuer }) => issuer), ...binding })
  const realm = resource ?? audience[0] ?? issuers[0]?.issuer ?? ''
  const metadataUrl = metadata && metadataUrlOf(metadata.resource)
  const challenge = { realm, schemes: schemesOf(binding), algorithms: DPOP_ALGORITHMS, metadataUrl }
  return { issuers, places, clockTolerance, now, binding, challenge, metadata }
}

function bindingOf(options: TokenVerifierOptions<object>, resource: string | undefined, now: () => number): BindingContext {
  const { dpop = {} } = options
  const { required: isRequired = false, nonceSecret, replayStore = memoryReplayStore({ now }) } = dpop === false ? {} : dpop
  return { isSupported: dpop !== false, isRequired, nonceSecret, replayStore, now, ...addressOf(options, resource) }
}

function schemesOf({ isSupported, isRequired }: BindingContext): ChallengeContext['schemes'] {
  if (isRequired) return ['DPoP']
  return isSupported ? ['Bearer', 'DPoP'] : ['Bearer']
}

interface MetadataParts extends Pick<BindingContext, 'isSupported' | 'isRequired'> {
  readonly resource: string | undefined
  readonly issuers: readonly string[]
  readonly places: readonly TokenPlace[]
}

function metadataOf(
  { metadata: members = {} }: TokenVerifierOptions<object>,
  parts: MetadataParts,
): ResourceMetadata | undefined {
  const { resource, issuers, places, isRequired, isSupported } = parts
  if (resource === undefined || members === false) return undefined
  return createResourceMetadata({ members, resource, issuers, places, isRequired, isSupported })
}

/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 30

function issuersOf({ issuer }: TokenVerifierOptions<object>, shared: IssuerContext): readonly Issuer[] {
  const list = [issuer].flat(2) as ReadonlyArray<string | IssuerOptions>
  if (list.length === 0)
    throw new TypeError('createTokenVerifier: "issuer" must name at least one issuer. Received an empty list')
  const issuers = list.map((each) => createIssuer(typeof each === 'string' ? { issuer: each } : each, shared))
  const names = issuers.map((each) => each.issuer)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated === undefined) return issuers
  throw new TypeError(
    `createTokenVerifier: the issuer "${repeated}" is in the list twice. Set several values of its "audience" instead`,
  )
}

/** The resource identifier, which has no fragment. @see RFC 9728, section 1.2 */
function resourceOf({ resource }: TokenVerifierOptions<object>, audience: readonly string[]): string | undefined {
  if (resource === undefined) return audience.find((each) => secureUrl(each)?.hash === '')
  if (secureUrl(resource)?.hash === '') return resource
  throw new TypeError(
    `createTokenVerifier: "resource" must be a URL with https and without a fragment. Received ${JSON.stringify(resource)} (RFC 9728, section 1.2)`,
  )
}

function addressOf({ origin }: TokenVerifierOptions<object>, resource: string | undefined): KnownAddress {
  const isOrigin = origin === undefined || toUrl(origin)?.origin === origin
  if (isOrigin) return { origin, resourceOrigin: resource === undefined ? undefined : new URL(resource).origin }
  throw new TypeError(
    `createTokenVerifier: "origin" must be an origin such as "https://api.example.com". Received ${JSON.stringify(origin)}`,
  )
}

function checkPlaces(places: readonly TokenPlace[]): void {
  const wrong = places.find((place) => !['header', 'body', 'query'].includes(place))
  if (wrong !== undefined || places.length === 0)
    throw new TypeError(`createTokenVerifier: "places" must have "header", "body" or "query". Received ${JSON.stringify(places)}`)
}

function createEngine<Claims extends object>(options: TokenVerifierOptions<Claims>, settings: Settings): Engine<Claims> {
  const { places, binding, challenge, issuers, clockTolerance, now } = settings
  return {
    authenticate: async ({ request, form }) => {
      const presented = await findPresentedToken({ request, form, places })
      if (!presented) throw new ResourceError('missing_token', 'the request has no access token')
      const { claims, issuer, clientId, scope } = await checkByIssuer(presented.token, issuers)
      const typed = await typedClaims(claims, options)
      const dpopJkt = await checkBinding({ request, presented, claims }, binding)
      const expiresAt = claims.exp === undefined ? undefined : claims.exp * 1000
      const { place } = presented
      return { claims, token: { issuer, sub: textOf(claims.sub), clientId, scope, expiresAt, claims: typed, dpopJkt, place } }
    },
    check: ({ token, claims }, requirements) =>
      checkToken(requirements, { scope: token.scope, claims, now: now() / 1000, clockTolerance }),
    refuse: (error, request, { scope }) => {
      notify(options, error, request)
      const authorization = request.headers.get('authorization')
      return { ok: false, error, response: refusalOf(error, { authorization, scope }, challenge) }
    },
    readsForms: places.includes('body'),
    origin: binding.origin,
  }
}

/** A hook that throws must not change the response. */
function notify({ onRefused }: Pick<TokenVerifierOptions, 'onRefused'>, error: ResourceError, request: Request): void {
  try {
    onRefused?.(error, request)
  } catch {
    // The API's own log failed.
  }
}

async function typedClaims<Claims extends object>(
  claims: TokenClaims,
  { claims: schema }: TokenVerifierOptions<Claims>,
): Promise<Claims> {
  // Without a schema, `Claims` is `AccessTokenClaims`.
  if (!schema) return claims as object as Claims
  const result = await schema['~standard'].validate(claims)
  if (!result.issues) return result.value
  throw invalid(
    `these claims are not as the API expects them: ${pathsOf(result.issues)}`,
    'Have the issuer write these claims into its access tokens, or make them optional in the schema of "claims".',
  )
}
