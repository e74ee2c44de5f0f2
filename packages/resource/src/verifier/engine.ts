import { ResourceError } from '../http/resource-error.js'
import type { TokenClaims } from '../issuers/token-claims.js'
import { checkRequirements, type TokenRequirements } from './requirements.js'
import type { VerifiedToken } from './verified-token.js'

/** The token of a request that may be handled, or the response to send instead. */
export type Verification<Claims extends object> =
  | {
      readonly ok: true
      readonly token: VerifiedToken<Claims>
      /** Headers that the response must have: a token in the query makes it private (RFC 6750, section 2.3). */
      readonly headers: Readonly<Record<string, string>>
    }
  | {
      readonly ok: false
      /** Why, for the API's log. It contains no token. */
      readonly error: ResourceError
      /** The challenge: status, `WWW-Authenticate`, and a JSON body. */
      readonly response: Response
    }

/** A request whose body may have been read by a parser. */
export interface RequestSource {
  readonly request: Request
  /** The parameters of its form, if a parser has read the body. */
  readonly form?: URLSearchParams | undefined
}

/** A token that is valid for the API, before the requirements of a route. */
export interface Authenticated<Claims extends object> {
  readonly token: VerifiedToken<Claims>
  /** The claims before the schema, which may drop some. */
  readonly claims: TokenClaims
}

/** What guards need of a verifier. */
export interface Engine<Claims extends object> {
  /** Checks the token of a request. Throws ResourceError. A DPoP proof is used up. */
  authenticate(source: RequestSource): Promise<Authenticated<Claims>>
  /** Throws ResourceError if the token does not have what a route requires. */
  check(authenticated: Authenticated<Claims>, requirements: TokenRequirements): void
  /** Creates the response to a refused request. */
  refuse(error: ResourceError, request: Request, requirements: TokenRequirements): Verification<Claims>
  /** Whether tokens may be in a form. */
  readonly readsForms: boolean
  /** Where clients reach the API, if its developer has set it. */
  readonly origin: string | undefined
}

/** A request that a guard has seen. */
interface SeenRequest {
  readonly request: Promise<Request>
  readonly authenticated: Promise<Authenticated<object>>
}

/** Requests by the object that the framework has for each, so that a second guard does not refuse the proof as used. */
type Memory = WeakMap<object, SeenRequest>

const engines = new WeakMap<object, { readonly engine: Engine<never>; readonly memory: Memory }>()

/** Makes the engine of a verifier known to the guards. */
export function registerEngine<Claims extends object>(verifier: object, engine: Engine<Claims>): void {
  engines.set(verifier, { engine: engine as unknown as Engine<never>, memory: new WeakMap() })
}

/** Returns the engine of a verifier. Throws a TypeError for another object. */
export function engineOf<Claims extends object>(verifier: object): Engine<Claims> {
  const known = engines.get(verifier)
  if (known) return known.engine
  throw new TypeError('A guard needs the verifier that createTokenVerifier has returned')
}

/** Checks a request. Rejects for requirements that are wrong, and for nothing else. */
export async function verifyWith<Claims extends object>(
  engine: Engine<Claims>,
  request: () => Request | Promise<Request>,
  requirements: TokenRequirements,
  authenticate: () => Promise<Authenticated<Claims>>,
): Promise<Verification<Claims>> {
  checkRequirements(requirements)
  try {
    const authenticated = await authenticate()
    engine.check(authenticated, requirements)
    const { token } = authenticated
    return { ok: true, token, headers: token.place === 'query' ? { 'cache-control': 'private' } : {} }
  } catch (error) {
    return engine.refuse(asResourceError(error), await request(), requirements)
  }
}

/** Checks a request for a guard: its token once, however many guards it passes. `key` is the framework's object of the request. */
export function verifyOnce<Claims extends object>(
  verifier: object,
  key: object,
  source: () => RequestSource | Promise<RequestSource>,
  requirements: TokenRequirements,
): Promise<Verification<Claims>> {
  const engine = engineOf<Claims>(verifier)
  const memory = engines.get(verifier)?.memory
  const seen = memory?.get(key) ?? see(engine, source)
  memory?.set(key, seen)
  const authenticated = seen.authenticated as Promise<Authenticated<Claims>>
  return verifyWith(
    engine,
    () => seen.request,
    requirements,
    () => authenticated,
  )
}

function see<Claims extends object>(engine: Engine<Claims>, source: () => RequestSource | Promise<RequestSource>): SeenRequest {
  const found = (async () => source())()
  return {
    // For the challenge to a request that has no valid URL.
    request: found.then(
      ({ request }) => request,
      () => new Request('http://localhost'),
    ),
    authenticated: found.then((given) => engine.authenticate(given)),
  }
}

function asResourceError(cause: unknown): ResourceError {
  if (cause instanceof ResourceError) return cause
  return new ResourceError('server_error', 'the access token could not be checked', { cause, hint: 'The reason is in "cause".' })
}
