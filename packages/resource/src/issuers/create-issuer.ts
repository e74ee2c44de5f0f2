import { createLocalJWKSet } from 'jose'
import { fetchJson, type Fetch } from '../http/fetch-json.js'
import { secureUrl } from '../http/loopback.js'
import type { IssuerOptions } from './issuer-options.js'
import { createIntrospection, type Introspect } from './introspect.js'
import { createKeyFinder, type KeyFinder } from './key-set.js'
import { createMetadataLoader, type MetadataLoader } from './server-metadata.js'
import { ANY_JWT, completeProfile, RFC_9068, type CompleteProfile } from './token-profile.js'
import { verifyJwt, type JwtExpectations } from './verify-jwt.js'
import type { CheckedToken } from './token-claims.js'

/** Asymmetric algorithms of jose. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519', 'RS384', 'PS384', 'ES384', 'RS512', 'PS512', 'ES512']

/** An issuer whose tokens are accepted. */
export interface Issuer {
  readonly issuer: string
  /** Whether its JWTs are introspected as well. */
  readonly introspectsAll: boolean
  /** Checks a JWT by its signature. */
  verifyJwt(token: string): Promise<CheckedToken>
  /** Introspects a token; undefined for an issuer without introspection. */
  readonly introspect: Introspect | undefined
}

/** What all issuers of a verifier share. */
export interface IssuerContext {
  readonly audience: readonly string[]
  readonly fetch: Fetch
  readonly clockTolerance: number
  readonly now: () => number
}

/** Creates an issuer. Throws a TypeError for options that could accept forged tokens. */
export function createIssuer(options: IssuerOptions, shared: IssuerContext): Issuer {
  const { issuer, introspection } = options
  checkIssuer(options)
  const audience = options.audience === undefined ? shared.audience : [options.audience].flat()
  if (audience.length === 0 || audience.some((one) => typeof one !== 'string' || one === '')) {
    throw new TypeError(
      `createTokenVerifier: "audience" of "${issuer}" must be what its tokens name this API, such as "https://api.example.com". Without it, tokens for other APIs would be accepted (RFC 9068, section 4).`,
    )
  }
  const metadata = createMetadataLoader(issuer, shared)
  const expected: JwtExpectations = {
    ...shared,
    issuer,
    audience,
    profile: profileOf(options),
    algorithms: new Set(options.algorithms ?? ALGORITHMS),
    findKey: keyFinderOf(options, metadata, shared),
  }
  return {
    issuer,
    introspectsAll: introspection?.tokens === 'all',
    verifyJwt: (token) => verifyJwt(token, expected),
    introspect: introspection && createIntrospection({ ...shared, issuer, audience, options: introspection, metadata }),
  }
}

function checkIssuer({ issuer, algorithms = [], jwksUri, introspection }: IssuerOptions): void {
  const name = 'createTokenVerifier'
  if (!secureUrl(issuer)) {
    throw new TypeError(
      `${name}: "issuer" must be a URL with https, or with http on this machine. Received ${JSON.stringify(issuer)} (RFC 8414, section 2)`,
    )
  }
  if (jwksUri !== undefined && !secureUrl(jwksUri))
    throw new TypeError(`${name}: "jwksUri" must be a URL with https. Received ${JSON.stringify(jwksUri)}`)
  const { endpoint, cacheSeconds = 0 } = introspection ?? {}
  if (endpoint !== undefined && !secureUrl(endpoint))
    throw new TypeError(`${name}: "introspection.endpoint" must be a URL with https. Received ${JSON.stringify(endpoint)}`)
  if (!(cacheSeconds >= 0))
    throw new TypeError(`${name}: "introspection.cacheSeconds" must be 0 or more. Received ${JSON.stringify(cacheSeconds)}`)
  const symmetric = algorithms.find((each) => !/^(?:[REP]S\d{3}|EdDSA|Ed25519|ML-DSA-\d\d)$/.test(each))
  if (symmetric !== undefined) {
    throw new TypeError(
      `${name}: "algorithms" must be asymmetric ones, such as "RS256". Received ${JSON.stringify(symmetric)} (RFC 8725, section 3.1)`,
    )
  }
}

function profileOf({ profile = 'rfc9068' }: IssuerOptions): CompleteProfile {
  if (profile === 'rfc9068') return RFC_9068
  return profile === 'jwt' ? ANY_JWT : completeProfile(profile, RFC_9068)
}

function keyFinderOf({ jwks, jwksUri }: IssuerOptions, metadata: MetadataLoader, { fetch, now }: IssuerContext): KeyFinder {
  if (jwks) return createLocalJWKSet({ keys: jwks.keys.filter(({ kty }) => kty !== 'oct') })
  const load = async (): Promise<unknown> => {
    try {
      return await fetchJson(jwksUri ?? (await jwksUriOf(metadata)), fetch)
    } catch (error) {
      // The keys may have moved.
      metadata.forget()
      throw error
    }
  }
  return createKeyFinder({ load, now })
}

async function jwksUriOf(metadata: MetadataLoader): Promise<string> {
  const { jwks_uri: jwksUri } = await metadata.load()
  const url = secureUrl(jwksUri)
  if (url) return url.href
  throw new TypeError(`The server metadata have no "jwks_uri" with https. Received ${JSON.stringify(jwksUri)}`)
}
