import { type OptionKind, type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { environmentOf, type EnvironmentOptions } from '../platform/environment.js'
import { silentLogger } from '../platform/logger.js'
import { protocolInternalsOf } from '../protocol/client-registry.js'
import { createProtocolContext, type ProtocolContext } from '../protocol/protocol-context.js'
import { ownKeyContext, promoteOwnKey } from '../protocol/own-key.js'
import { withClientErrors } from '../protocol/protocol-errors.js'
import { checkProtocolOptions } from '../protocol/check-protocol-options.js'
import { PROTOCOL_OPTIONS } from '../protocol/protocol-option-names.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'
import type { TokenSet } from '../protocol/token-set.js'
import { untilClosed } from '../platform/abort.js'
import { explain, protocolLoaders } from './lazy.js'

/** A client without a session: the options that a script or a server needs for a token request. */
export type StandaloneClient = Pick<
  ProtocolOptions,
  | 'issuer'
  | 'metadataUrl'
  | 'server'
  | 'acceptedIssuers'
  | 'trustedAudiences'
  | 'allowPlainHttp'
  | 'clientId'
  | 'clientAuth'
  | 'clientAuthMethods'
  | 'clientSecret'
  | 'scope'
  | 'tokenParams'
  | 'compliance'
  | 'dpop'
  | 'timeout'
  | 'clockTolerance'
  | 'idTokenSignedResponseAlg'
  | 'decryptionKey'
> &
  EnvironmentOptions

/** The members of an `OAuthClient` that distinguish it from a standalone client. */
export interface ClientWithSession {
  readonly options: ProtocolOptions
  getTokenSet(): TokenSet | undefined
  getSnapshot(): unknown
}

/** A client made by `createOAuthClient`, or the few options that a request needs without one. */
export type GrantSubject = ClientWithSession | StandaloneClient

const contexts = new WeakMap<StandaloneClient, ProtocolContext>()

/** @param what names the client in an error @throws ConfigurationError for a client that is not one of ours */
export function contextOf(subject: GrantSubject, what = 'The client of a grant'): ProtocolContext {
  if (isClient(subject)) return protocolInternalsOf(subject).context
  const known = contexts.get(subject) ?? standaloneContext(subject, what)
  contexts.set(subject, known)
  return known
}

/** Signs a client in with the token set of a grant. A standalone client has no session: it gets the token set alone. */
export async function signInWith(
  subject: GrantSubject,
  grant: (context: ProtocolContext, closed?: AbortSignal) => Promise<TokenSet>,
): Promise<TokenSet> {
  if (!isClient(subject)) return grant(contextOf(subject))
  const { session } = protocolInternalsOf(subject)
  const closed = new AbortController()
  return untilClosed(
    session,
    signInClient(subject, (context) => grant(context, closed.signal)),
    () => closed.abort(),
  ).catch(async (cause: unknown) => {
    throw await explain(cause)
  })
}

async function signInClient(
  subject: ClientWithSession,
  grant: (context: ProtocolContext) => Promise<TokenSet>,
): Promise<TokenSet> {
  const { session, sessionCalls, context } = protocolInternalsOf(subject)
  const startedAt = session.moment(false)
  const isOverSession = subject.getTokenSet() !== undefined
  const tokenSet = await grant(isOverSession ? await ownKeyContext(context) : context)
  const beforeShown = isOverSession ? (): Promise<void> => promoteOwnKey(context) : undefined
  const calls = await sessionCalls()
  // A function of the app may throw here: `onTokenSet`, or the schema of the claims. Its message may contain the token.
  return calls.finishGrant(tokenSet, startedAt, 'login', beforeShown)
}

/**
 * Runs a public function of this entry: it rejects with an `OAuthClientError`, whatever fails, and throws nothing before.
 *
 * @param subject if it is a client, the function rejects when that is closed
 */
export function withTypedErrors<Result>(run: () => Promise<Result>, subject?: GrantSubject): Promise<Result> {
  return withClientErrors({ explain }, () =>
    isClient(subject) ? untilClosed(protocolInternalsOf(subject).session, run()) : run(),
  )
}

function isClient(subject: GrantSubject | undefined): subject is ClientWithSession {
  // JavaScript may pass anything: what is no client is refused as an object with options.
  return typeof subject === 'object' && subject !== null && 'getSnapshot' in subject
}

const SESSION_OPTIONS = [
  'name',
  'postLogoutRedirectUri',
  'transport',
  'silent',
  'leeway',
  'offlineGrace',
  'claims',
  'onTokenSet',
  'storage',
  'stepUp',
]

/** The options of a client with a session are ignored: an app may share one object. */
const STANDALONE_OPTIONS: Readonly<Record<string, OptionKind>> = {
  ...PROTOCOL_OPTIONS,
  ...({ fetch: 'function', now: 'function', logger: 'object', environment: 'object' } satisfies OptionNames<EnvironmentOptions>),
  ...Object.fromEntries(SESSION_OPTIONS.map((name) => [name, true as const])),
}

/** Server metadata and keys are kept in memory for the lifetime of the options object. */
function standaloneContext(options: StandaloneClient, what: string): ProtocolContext {
  if (IS_DEVELOPMENT) {
    refuseUnknownOptions(what, options, STANDALONE_OPTIONS, 'required')
    checkProtocolOptions(what, options)
  }
  return createProtocolContext(options, {
    environment: environmentOf(options),
    logger: options.logger ?? silentLogger,
    load: async () => protocolLoaders,
    explain,
  })
}
