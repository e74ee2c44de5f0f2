import { createError } from '../errors/create-error.js'
import { signAssertion } from '../client-authentication/signed-assertion.js'
import type { AssertionInput, SigningKey } from '../client-authentication/signed-assertion.js'
import { isJsonObject } from '../protocol/json-response.js'
import { contextOf } from './grant-subject.js'
import type { StandaloneClient } from './grant-subject.js'
import { jwtBearerGrant } from './jwt-bearer-grant.js'
import { createTokenSession } from './token-session.js'
import type { TokenSession, TokenSessionOptions } from './token-session.js'

export interface AssertionSessionOptions
  extends TokenSessionOptions, Pick<StandaloneClient, 'compliance' | 'timeout' | 'fetch' | 'now' | 'logger' | 'environment'> {
  readonly tokenEndpoint: string
  /** Who signs: `iss` of the assertion. */
  readonly issuer: string
  /** On whose behalf: `sub`. Left out when it is not given. */
  readonly subject?: string
  /** Default: the token endpoint. */
  readonly audience?: string | readonly string[]
  /** Further claims; some servers read `scope` there. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly key: SigningKey
  /** Has to say `alg`; often `kid` too. */
  readonly header: AssertionInput['header']
  /** Sent as a parameter. */
  readonly scope?: string
  /** Seconds an assertion is good for; default 3600. */
  readonly lifetime?: number
  /** Another kind of assertion. */
  readonly grantType?: string
  /** Makes the assertion, where it is no JWT or the key is elsewhere (SAML, a key service). */
  readonly signAssertion?: (input: AssertionInput) => string | Promise<string>
}

/**
 * A client that signs its own assertions and trades them for tokens, as service accounts do. The token is fetched with the first
 * request and again when it has expired. The key belongs on a server: in a page everybody could read it.
 *
 * @throws ConfigurationError when `header` has no `alg`
 * @see RFC 7523, section 2.1; RFC 7521, section 4.1
 */
export function assertionSession(options: AssertionSessionOptions): TokenSession {
  const { tokenEndpoint, issuer, header, scope, grantType, signAssertion: sign = signAssertion } = options
  if (!header.alg) {
    throw createError('configuration', '"header" has no "alg" to sign with', {
      hint: 'Give one, such as { alg: "RS256", kid: "…" }.',
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
      subject: options.subject,
      audience: options.audience ?? tokenEndpoint,
      claims: options.claims,
      now: Math.floor(context.environment.now() / 1000 + context.clockOffsetSeconds()),
      lifetime: options.lifetime ?? 3600,
    })
    return jwtBearerGrant(client, { assertion, signal, ...(scope && { scope }), ...(grantType && { grantType }) })
  }
  return createTokenSession(context, request, options)
}

/** The assertion is all that is said of the client: it has neither id nor secret. */
function clientOf({ tokenEndpoint, issuer, compliance, timeout, ...seams }: AssertionSessionOptions): StandaloneClient {
  const { fetch, now, logger, environment } = seams
  return {
    server: { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint },
    clientId: issuer,
    clientAuth: (request) => request,
    ...(compliance && { compliance }),
    ...(timeout !== undefined && { timeout }),
    ...(fetch && { fetch }),
    ...(now && { now }),
    ...(logger && { logger }),
    ...(environment && { environment }),
  }
}

/**
 * What {@link assertionSession} needs, from the JSON file of a Google service account.
 *
 * @param json the file, as text or parsed
 * @param options `scope` goes into the claims, where Google reads it; `subject` acts for a user of the domain
 * @throws ConfigurationError when a member is missing
 */
export function fromServiceAccount(
  json: unknown,
  options: { readonly scope?: string; readonly subject?: string } = {},
): Pick<AssertionSessionOptions, 'tokenEndpoint' | 'issuer' | 'key' | 'header' | 'claims' | 'subject'> {
  const account: unknown = typeof json === 'string' ? JSON.parse(json) : json
  const member = (name: string): string => {
    const value = isJsonObject(account) ? account[name] : undefined
    if (typeof value !== 'string') {
      throw createError('configuration', `the service account has no "${name}"`, {
        hint: 'Give the JSON file as it was downloaded.',
      })
    }
    return value
  }
  return {
    tokenEndpoint: member('token_uri'),
    issuer: member('client_email'),
    key: member('private_key'),
    header: { alg: 'RS256', kid: member('private_key_id') },
    ...(options.scope && { claims: { scope: options.scope } }),
    ...(options.subject && { subject: options.subject }),
  }
}
