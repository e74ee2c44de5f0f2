import { parseUrl } from '../platform/parse-url.js'
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import type { OAuthClient } from '../client/client.js'
import type { ClientOptions } from '../client/client-options.js'
import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { type Environment, environmentOf } from '../platform/environment.js'
import { isRecord } from '../platform/is-record.js'
import { protocolInternalsOf } from '../protocol/client-registry.js'
import { directProbes } from './direct-probes.js'
import { examine, type Diagnosis } from './examine.js'
import { appOrigin, issuerOf } from './examination.js'
import { createFinding, type Finding } from './finding.js'
import { lastErrorFinding } from './last-error.js'
import { pageProbes } from './page-probes.js'
import type { KnownSession, Setup } from './setup.js'

/** Options of {@link diagnoseSetup}. */
export interface DiagnoseOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
}

const OPTIONS: OptionNames<DiagnoseOptions> = { fetch: 'function', now: 'function' }

const SETUP: OptionNames<Setup> = {
  issuer: 'string',
  metadataUrl: 'string',
  server: 'object',
  clientId: 'string',
  redirectUri: 'string',
  origin: 'string',
  scope: 'string | list',
  responseType: 'string',
  idTokenSignedResponseAlg: 'string',
  clockTolerance: 'number',
  transport: "'redirect' | 'popup' | 'iframe'",
}

/**
 * Finds out why a client cannot sign in, or what does not work besides: looks at the server metadata, the registration of the client, the
 * page at the redirect URI, clocks, keys and the browser. The session of the client does not change.
 *
 * It sends requests: for metadata and keys; an authorization request without a user (`prompt=none`), in a page by a hidden frame; a code,
 * a refresh token and an access token that are invalid. A server may log them, and count them as failed attempts of the client.
 *
 * @throws ConfigurationError configuration for an object that is no client, unsupported in a worker of a browser
 * @example
 * import { diagnose } from '@latchkey/core/doctor'
 * const { findings } = await diagnose(client)
 * for (const { title, seen, change } of findings) console.info(title, seen, change)
 */
export async function diagnose(client: OAuthClient<unknown>): Promise<Diagnosis> {
  const given: unknown = client
  if (!isRecord(given) || !isRecord(given['options']) || typeof given['getSnapshot'] !== 'function') {
    const hint = 'Pass the client that createOAuthClient() returned.'
    throw createError('configuration', 'diagnose(): the argument is not a client.', { hint })
  }
  const { environment, isForeign } = clientEnvironment(client)
  const { window: page } = environment
  const setup = setupOf(client.options, page?.location.origin)
  const { error } = client.getSnapshot()
  const known = [
    ...(isForeign ? [foreignClient(setup)] : []),
    ...(error instanceof OAuthClientError ? [lastErrorFinding(error, issuerOf({ setup }))] : []),
  ]
  return run(setup, environment, { session: sessionOf(client), known })
}

/**
 * Finds out what is wrong with a set-up that is not a client in this process. Without a client id and a redirect URI, it looks at the
 * server alone.
 *
 * @throws ConfigurationError configuration for an unknown option, unsupported in a worker of a browser
 * @example
 * import { diagnoseSetup } from '@latchkey/core/doctor'
 * const issuer = 'https://id.example.com'
 * const { findings } = await diagnoseSetup({ issuer, clientId: 'spa', redirectUri: 'https://app.example.com/' })
 * console.info(findings)
 */
export async function diagnoseSetup(setup: Setup, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  refuseUnknownOptions('diagnoseSetup()', setup, SETUP, 'required')
  refuseUnknownOptions('diagnoseSetup()', options, OPTIONS, 'required')
  for (const name of ['issuer', 'metadataUrl', 'redirectUri', 'origin'] as const) requireUrl(name, setup[name])
  return run(setup, environmentOf(options), {})
}

function requireUrl(name: string, value: string | undefined): void {
  if (value === undefined || parseUrl(value)) return
  const hint = 'Give an absolute URL, such as https://id.example.com.'
  throw createError('configuration', `diagnoseSetup(): "${name}" is not a URL.`, { hint })
}

interface Known {
  readonly session?: KnownSession | undefined
  readonly known?: readonly Finding[] | undefined
}

function run(setup: Setup, { fetch, now, window: page }: Environment, { session, known }: Known): Promise<Diagnosis> {
  if (!page && 'WorkerGlobalScope' in globalThis) {
    const hint = 'Call it in the page, with a client that has the same options.'
    throw createError('unsupported', 'The doctor needs a page, or a process.', { hint })
  }
  const probes = page ? pageProbes({ fetch, now, page }) : directProbes({ fetch, now, origin: appOrigin({ setup }) })
  return examine({ setup, probes, session, clocks: [] }, known)
}

/** A client of another copy of the library is a stranger to this one. */
function clientEnvironment(client: OAuthClient<unknown>): { readonly environment: Environment; readonly isForeign: boolean } {
  try {
    return { environment: protocolInternalsOf(client).context.environment, isForeign: false }
  } catch (error) {
    // The client of a worker has no internals in the page.
    const isForeign = error instanceof OAuthClientError && error.code === 'configuration'
    return { environment: environmentOf(client.options), isForeign }
  }
}

function foreignClient(setup: Setup): Finding {
  return createFinding('several_copies', issuerOf({ setup }), {
    seen: 'The client was created by another copy of @latchkey/core than the one that diagnose() is from.',
    expected: 'One copy: functions over a client refuse the client of another copy.',
    change:
      'Find the copies with "npm ls @latchkey/core" and bring them to one version. In a bundler, resolve the package once (resolve.dedupe in Vite).',
  })
}

function setupOf(options: ClientOptions<unknown>, origin: string | undefined): Setup {
  const { issuer, metadataUrl, server, clientId, redirectUri, scope, responseType, transport } = options
  const { idTokenSignedResponseAlg, clockTolerance } = options
  return {
    issuer,
    metadataUrl,
    server,
    clientId,
    redirectUri,
    origin,
    scope,
    responseType,
    idTokenSignedResponseAlg,
    clockTolerance,
    transport: typeof transport === 'string' ? transport : undefined,
  }
}

function sessionOf(client: OAuthClient<unknown>): KnownSession | undefined {
  const tokenSet = client.getTokenSet()
  if (!tokenSet) return undefined
  const { refreshToken, idToken } = tokenSet
  return { hasRefreshToken: refreshToken !== undefined, idTokenHeader: headerOf(idToken) }
}

/** The client of a worker has no token in the page. */
function headerOf(idToken: string | undefined): KnownSession['idTokenHeader'] {
  try {
    return idToken === undefined ? undefined : decodeProtectedHeader(idToken)
  } catch {
    return undefined
  }
}
