import {
  allowInsecureRequests,
  ClientSecretBasic,
  customFetch,
  introspectionRequest,
  None,
  processIntrospectionResponse,
  type AuthorizationServer,
  type ClientAuth,
  type IntrospectionResponse,
} from 'oauth4webapi'
import { sha256 } from '../dpop/verify-proof.js'
import { oauthFetch, type Fetch } from '../http/fetch-json.js'
import { quote, reasonOf, ResourceError } from '../http/resource-error.js'
import type { IssuerIntrospectionOptions } from './issuer-options.js'
import type { MetadataLoader } from './server-metadata.js'
import { hasAudience, scopeList, textOf, type CheckedToken } from './token-claims.js'
import { invalid, wrongIssuer } from './verify-jwt.js'

/** Tokens whose responses are kept: those that were used last. */
const MAX_TOKENS = 1000
/** Seconds that a response is reused, unless `cacheSeconds` says otherwise. */
const CACHE_SECONDS = 60

/** What introspection needs of an issuer. */
export interface IntrospectionContext {
  readonly issuer: string
  readonly audience: readonly string[]
  readonly options: IssuerIntrospectionOptions
  readonly metadata: MetadataLoader
  readonly fetch: Fetch
  readonly clockTolerance: number
  readonly now: () => number
}

/** Introspects a token. Resolves with undefined for one that is not active. */
export type Introspect = (token: string) => Promise<CheckedToken | undefined>

interface Kept {
  readonly until: number
  readonly token: Promise<CheckedToken | undefined>
}

/**
 * Creates the introspection of an issuer's tokens. A response is reused until `cacheSeconds`, never after the token's expiry; concurrent
 * requests with one token share one. An inactive token is not kept, so strangers cannot fill the cache.
 *
 * Rejects with ResourceError `temporarily_unavailable` if the endpoint fails. @see RFC 7662, sections 2 and 4
 */
export function createIntrospection(context: IntrospectionContext): Introspect {
  const kept = new Map<string, Kept>()
  const pending = new Map<string, Promise<CheckedToken | undefined>>()
  const { cacheSeconds = CACHE_SECONDS } = context.options

  const ask = async (key: string, token: string): Promise<CheckedToken | undefined> => {
    const checked = await introspect(token, context)
    const { now } = context
    const until = Math.min(now() + cacheSeconds * 1000, (checked?.claims.exp ?? Number.POSITIVE_INFINITY) * 1000)
    if (!checked || until <= now()) return checked
    kept.set(key, { until, token: Promise.resolve(checked) })
    const [oldest] = kept.keys()
    if (kept.size > MAX_TOKENS && oldest !== undefined) kept.delete(oldest)
    return checked
  }

  return async (token) => {
    // The cache has no token in the clear.
    const key = await sha256(token)
    const known = kept.get(key)
    kept.delete(key)
    if (known && known.until > context.now()) {
      kept.set(key, known)
      return known.token
    }
    const running = pending.get(key) ?? ask(key, token).finally(() => pending.delete(key))
    pending.set(key, running)
    return running
  }
}

async function introspect(token: string, context: IntrospectionContext): Promise<CheckedToken | undefined> {
  const response = await request(token, context).catch((cause: unknown) => {
    throw new ResourceError('temporarily_unavailable', 'the access token could not be introspected', {
      cause,
      headers: { 'retry-after': '5' },
      hint: `${reasonOf(cause)} Check "introspection" of ${quote(context.issuer)}: ${whatToCheck(context.options)}.`,
    })
  })
  if (!response.active) return undefined
  check(response, context)
  return {
    issuer: context.issuer,
    claims: response,
    clientId: textOf(response.client_id),
    scope: scopeList(response.scope),
  }
}

/** An unset variable of the environment is the usual reason for a client without a secret. */
function whatToCheck({ clientSecret, clientAuth }: IssuerIntrospectionOptions): string {
  const hasSecret = clientSecret !== undefined || clientAuth !== undefined
  return hasSecret ? 'the endpoint, and the client that may use it' : '"clientSecret" is not set'
}

async function request(
  token: string,
  { issuer, options, metadata, fetch }: IntrospectionContext,
): Promise<IntrospectionResponse> {
  const { clientId, endpoint } = options
  const server: AuthorizationServer =
    endpoint === undefined ? await metadata.load() : { issuer, introspection_endpoint: endpoint }
  const isLocal = new URL(issuer).protocol === 'http:' || endpoint?.startsWith('http:') === true
  const client = { client_id: clientId }
  const response = await introspectionRequest(server, client, authenticationOf(options), token, {
    [customFetch]: oauthFetch(fetch),
    [allowInsecureRequests]: isLocal,
  })
  return processIntrospectionResponse(server, client, response)
}

function authenticationOf({ clientAuth, clientSecret }: IssuerIntrospectionOptions): ClientAuth {
  return clientAuth ?? (clientSecret === undefined ? None() : ClientSecretBasic(clientSecret))
}

/** The issuer says that the token is active; for whom, and until when, is checked here. @see RFC 7662, section 4 */
function check(response: IntrospectionResponse, context: IntrospectionContext): void {
  const { issuer } = context
  const { iss, token_type: type } = response
  if (iss !== undefined && iss !== issuer) throw wrongIssuer(iss, [issuer])
  checkAudience(response, context)
  checkTimes(response, context)
  // Some issuers introspect refresh tokens too, and name their type.
  if (type !== undefined && !/^(?:bearer|dpop|access_token)$/i.test(type)) throw invalid(`its type is ${quote(type)}`)
}

function checkAudience({ aud }: IntrospectionResponse, { audience, options }: IntrospectionContext): void {
  if (aud === undefined && options.requireAudience === false) return
  if (hasAudience(aud, audience)) return
  const hint =
    'Have the client request a token for this API ("resource", RFC 8707). For an issuer that never sends "aud", set "introspection.requireAudience" to false.'
  throw invalid(`it is for ${quote(aud)}; expected ${audience.map(quote).join(' or ')}`, hint)
}

function checkTimes({ exp, nbf }: IntrospectionResponse, { clockTolerance, now }: IntrospectionContext): void {
  const seconds = now() / 1000
  if (typeof exp === 'number' && exp <= seconds - clockTolerance) throw invalid('it has expired')
  if (typeof nbf === 'number' && nbf > seconds + clockTolerance) throw invalid('it is not valid yet ("nbf")')
}
