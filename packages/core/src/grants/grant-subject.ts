import { currentEnvironment, type EnvironmentOptions } from '../platform/environment.js'
import { silentLogger } from '../platform/logger.js'
import { protocolInternalsOf } from '../protocol/client-registry.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'
import { createProtocolContext, type ProtocolContext } from '../protocol/protocol-context.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

/** A client without a session: what a script or a server needs to ask for a token. */
export type StandaloneClient = Pick<
  ProtocolOptions,
  | 'issuer'
  | 'server'
  | 'clientId'
  | 'clientAuth'
  | 'clientSecret'
  | 'scope'
  | 'compliance'
  | 'dpop'
  | 'timeout'
  | 'clockTolerance'
  | 'idTokenSignedResponseAlg'
  | 'decryptionKey'
> &
  EnvironmentOptions

/** The part of an `OAuthClient` that tells it from a standalone client. */
export interface ClientWithSession {
  readonly options: ProtocolOptions
  getTokenSet(): TokenSet | undefined
  getSnapshot(): unknown
}

/** A client made by `createOAuthClient`, or the few options that a request needs. */
export type GrantSubject = ClientWithSession | StandaloneClient

const contexts = new WeakMap<StandaloneClient, ProtocolContext>()

/** @throws ConfigurationError for a client that is not one of ours */
export function contextOf(subject: GrantSubject): ProtocolContext {
  if (isClient(subject)) {
    return protocolInternalsOf(subject).context
  }
  const known = contexts.get(subject) ?? standaloneContext(subject)
  contexts.set(subject, known)
  return known
}

/** Makes a client signed in with a token set that a grant brought; a standalone one has no session to put it in. */
export async function establish(subject: GrantSubject, tokenSet: TokenSet, reason: TokenSetReason): Promise<void> {
  if (isClient(subject)) {
    await protocolInternalsOf(subject).establish(tokenSet, reason)
  }
}

function isClient(subject: GrantSubject): subject is ClientWithSession {
  return 'getSnapshot' in subject
}

/** Server metadata and keys live in memory, as long as the options object does. */
function standaloneContext(options: StandaloneClient): ProtocolContext {
  const { fetch, now, environment, logger = silentLogger } = options
  return createProtocolContext(options, {
    environment: currentEnvironment({ ...(fetch && { fetch }), ...(now && { now }), ...environment }),
    logger,
  })
}
