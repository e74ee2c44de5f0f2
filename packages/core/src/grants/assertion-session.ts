import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { type AssertionInput, signAssertion, type AssertionKey } from '../client-authentication/signed-assertion.js'
import { createError } from '../errors/create-error.js'
import { isRecord } from '../platform/is-record.js'
import { secureUrlOption } from '../protocol/endpoint-url.js'
import { joinScope } from '../protocol/scope.js'
import { contextOf, type StandaloneClient } from './grant-subject.js'
import { jwtBearerGrant } from './jwt-bearer-grant.js'
import { createTokenSession, TOKEN_SESSION_OPTIONS, type TokenSession, type TokenSessionOptions } from './token-session.js'

/** Options of {@link assertionSession}. */
export interface AssertionSessionOptions
  extends
    TokenSessionOptions,
    Pick<StandaloneClient, 'allowPlainHttp' | 'compliance' | 'timeout' | 'fetch' | 'now' | 'logger' | 'environment'> {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  /** `iss` of the assertion: the party that signs it. */
  readonly issuer: string
  /** `sub` of the assertion: the user it acts for. Omitted by default. */
  readonly subject?: string | undefined
  /** `aud` of the assertion. Default: the token endpoint. */
  readonly audience?: string | readonly string[] | undefined
  /** Additional claims of the assertion; some servers read `scope` there. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Private key that signs the assertion. */
  readonly key: AssertionKey
  /** JOSE header. `alg` is required; many servers need `kid` as well. */
  readonly header: AssertionInput['header']
  /** Scope of the token request. */
  readonly scope?: string | readonly string[] | undefined
  /** Seconds until the assertion expires. Default 3600. */
  readonly lifetime?: number | undefined
  /** Grant type of another kind of assertion, such as SAML. */
  readonly grantType?: string | undefined
  /** Creates the assertion if it is not a JWT or the key is elsewhere (SAML, a key service). */
  readonly signAssertion?: ((input: AssertionInput) => string | Promise<string>) | undefined
}

const ASSERTION_OPTIONS: OptionNames<AssertionSessionOptions> = {
  ...TOKEN_SESSION_OPTIONS,
  compliance: 'object',
  timeout: 'number',
  fetch: 'function',
  now: 'function',
  logger: 'object',
  environment: 'object',
  tokenEndpoint: 'string',
  issuer: 'string',
  subject: 'string',
  audience: 'string | list',
  claims: 'object',
  key: true,
  header: 'object',
  scope: 'string | list',
  lifetime: 'number',
  allowPlainHttp: 'boolean',
  grantType: 'string',
  signAssertion: 'function',
}

/**
 * Creates a client that signs its own assertions and exchanges them for tokens, as service accounts do. The token is requested for the
 * first call and again when it has expired. Use it on a server only: in a page every visitor can read the key.
 *
 * @throws ConfigurationError when `header` has no `alg`
 * @see RFC 7523, section 2.1; RFC 7521, section 4.1
 */
export function assertionSession(options: AssertionSessionOptions): TokenSession {
  if (IS_DEVELOPMENT) refuseUnknownOptions('assertionSession()', options, ASSERTION_OPTIONS, 'required')
  requireKind('assertionSession()', 'object', options)
  const { tokenEndpoint, issuer, header, scope, grantType, signAssertion: sign = signAssertion } = options
  if (!header?.alg) {
    throw createError('configuration', '"header" has no "alg".', {
      hint: 'Pass one, such as { alg: "RS256", kid: "…" }.',
      spec: 'RFC 7515, section 4.1.1',
    })
  }
  const client = clientOf(options)
  const context = contextOf(client)
  const request = async (signal: AbortSignal): ReturnType<typeof jwtBearerGrant> => {
    const assertion = await sign({
      key: options.key,
      header,
      issuer,
      subject: options?.subject,
      audience: options.audience ?? tokenEndpoint,
      claims: options.claims,
      now: Math.floor(context.environment.now() / 1000 + context.clockOffsetSeconds()),
      lifetime: options.lifetime ?? 3600,
    })
    return jwtBearerGrant(client, { assertion, signal, scope, grantType })
  }
  return createTokenSession(context, request, options)
}

/** The text is not in the error: it contains the key. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw createError('configuration', 'The service account is not JSON.', { hint: 'Pass the JSON file as it was downloaded.' })
  }
}

/** The assertion alone identifies the client, which has neither an id nor a secret. */
function clientOf(options: AssertionSessionOptions): StandaloneClient {
  const { tokenEndpoint, issuer, allowPlainHttp, compliance, timeout, fetch, now, logger, environment } = options
  return {
    server: { issuer: secureUrlOption(tokenEndpoint, '"tokenEndpoint"', options).origin, token_endpoint: tokenEndpoint },
    clientId: issuer,
    clientAuth: (request) => request,
    allowPlainHttp,
    compliance,
    timeout,
    fetch,
    now,
    logger,
    environment,
  }
}

/**
 * Reads the options of {@link assertionSession} from the JSON file of a Google service account.
 *
 * @param json the file, as text or parsed
 * @param options `scope` goes into the claims, where Google reads it; `subject` acts for a user of the domain
 * @throws ConfigurationError when a member is missing
 */
export function fromServiceAccount(
  json: unknown,
  options: { readonly scope?: string | readonly string[] | undefined; readonly subject?: string | undefined } = {},
): Pick<AssertionSessionOptions, 'tokenEndpoint' | 'issuer' | 'key' | 'header' | 'claims' | 'subject'> {
  requireKind('fromServiceAccount()', 'object', options)
  const account = typeof json === 'string' ? parsed(json) : json
  const member = (name: string): string => {
    const value = isRecord(account) ? account[name] : undefined
    if (typeof value !== 'string') {
      throw createError('configuration', `The service account has no "${name}".`, {
        hint: 'Pass the JSON file as it was downloaded.',
      })
    }
    return value
  }
  const scope = joinScope(options?.scope)
  return {
    tokenEndpoint: member('token_uri'),
    issuer: member('client_email'),
    key: member('private_key'),
    // Keys that were not made by Google's console may have no id.
    header: {
      alg: 'RS256',
      ...(isRecord(account) && account['private_key_id'] !== undefined && { kid: member('private_key_id') }),
    },
    claims: scope ? { scope } : undefined,
    subject: options.subject,
  }
}
