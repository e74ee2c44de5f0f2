import { createError } from '../errors/create-error.js'
import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomNonce } from 'oauth4webapi'
import type { AuthorizationExpectation } from './expectation.js'
import { asksForIdToken } from './code-flow.js'
import { isJsonObject } from './json-response.js'
import type { JsonObject } from './json-response.js'
import { loadServer } from './load-server.js'
import { endpointUrl, requireWebCrypto } from './oauth-parties.js'
import type { AuthorizationRequest, AuthorizationRequestInput, ProtocolContext } from './protocol.js'
import { extraParameters, refuseOwnParameters, setParameters } from './request-parameters.js'
import { checkAlgorithm, checkServerSupport, isCarried } from './server-support.js'

/** The URL to go to, and what has to be remembered until the answer comes. See {@link Protocol.createAuthorizationRequest}. */
export async function createAuthorizationRequest(
  context: ProtocolContext,
  input: AuthorizationRequestInput,
): Promise<AuthorizationRequest> {
  requireWebCrypto()
  refuseOwnParameters(context.options.params)
  refuseOwnParameters(input.parameters.params)
  const asked = askedOf(context, input)
  const { metadata } = await loadServer(context, { keys: asksForIdToken(asked), signal: input.parameters.signal })
  const built = endpointUrl(context, metadata, 'authorization_endpoint')
  await setOwnParameters(context, input, asked, built.searchParams)
  setFurtherParameters(context, input, built.searchParams)
  const url = (await context.options.compliance?.authorizationRequest?.(built)) ?? built
  checkServerSupport(metadata, url.searchParams, context.options)
  if (context.options.dpop) {
    const { dpopAlgorithm } = await import('./dpop.js')
    checkAlgorithm(metadata, 'dpop', dpopAlgorithm(context.options), 'Give one as "dpop: { alg }"')
  }
  const expectation = expectationOf(input, url.searchParams, asked.codeVerifier)
  if (!isCarried(context.options, metadata)) {
    return { url, expectation }
  }
  const { carryRequest } = await import('./carried-request.js')
  return { url: await carryRequest(context, metadata, url), expectation }
}

interface Asked {
  readonly responseType: string
  readonly scope: string
  readonly codeVerifier: string | undefined
}

function askedOf({ options }: ProtocolContext, { parameters, codeVerifier }: AuthorizationRequestInput): Asked {
  const responseType = options.responseType ?? 'code'
  return {
    responseType,
    scope: normalizedScope(parameters.scope ?? options.scope ?? 'openid profile email'),
    codeVerifier: responseType.includes('code') ? (codeVerifier ?? generateRandomCodeVerifier()) : undefined,
  }
}

async function setOwnParameters(
  context: ProtocolContext,
  { redirectUri, state }: AuthorizationRequestInput,
  asked: Asked,
  query: URLSearchParams,
): Promise<void> {
  const { options } = context
  const { responseType, scope, codeVerifier } = asked
  setParameters(query, {
    response_type: responseType,
    client_id: options.clientId,
    redirect_uri: redirectUri,
    scope: scope || undefined,
    state,
    nonce: asksForIdToken(asked) ? generateRandomNonce() : undefined,
    code_challenge: codeVerifier && (await calculatePKCECodeChallenge(codeVerifier)),
    code_challenge_method: codeVerifier && 'S256',
    response_mode: options.responseMode,
  })
  if (options.dpop && codeVerifier) {
    const { dpopThumbprint } = await import('./dpop.js')
    query.set('dpop_jkt', await dpopThumbprint(context))
  }
}

/** The client's own extra parameters, then the options of this sign-in, then its parameters: the later ones win. */
function setFurtherParameters(
  { options }: ProtocolContext,
  { parameters }: AuthorizationRequestInput,
  query: URLSearchParams,
): void {
  const indicators = options.resources?.flatMap((one) => (typeof one === 'string' ? [] : (one.resource ?? [])))
  setParameters(query, extraParameters(options.params))
  setParameters(query, {
    resource: parameters.resources ?? (indicators && [...new Set(indicators)]),
    prompt: parameters.prompt,
    login_hint: parameters.loginHint,
    max_age: parameters.maxAge,
    acr_values: parameters.acrValues,
    ui_locales: parameters.uiLocales,
    id_token_hint: parameters.idTokenHint,
    claims: json(parameters.claims),
    authorization_details: json(parameters.authorizationDetails ?? options.authorizationDetails),
  })
  setParameters(query, parameters.params ?? {})
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

function normalizedScope(scope: string): string {
  return [...new Set(scope.split(/\s+/).filter(Boolean))].join(' ')
}

/** Read back from the finished URL: a compliance hook may have changed what is asked for, and the answer is held against that. */
function expectationOf(
  input: AuthorizationRequestInput,
  query: URLSearchParams,
  codeVerifier: string | undefined,
): AuthorizationExpectation {
  if (query.get('state') !== input.state) {
    throw createError('configuration', 'the compliance hook "authorizationRequest" changed "state"', {
      hint: 'Leave "state" alone: the answer is found by it.',
    })
  }
  const maxAge = query.get('max_age')
  return {
    state: input.state,
    nonce: query.get('nonce') ?? undefined,
    codeVerifier,
    redirectUri: query.get('redirect_uri') ?? input.redirectUri,
    responseType: query.get('response_type') ?? 'code',
    responseMode: query.get('response_mode') ?? undefined,
    scope: query.get('scope') ?? undefined,
    resources: query.has('resource') ? query.getAll('resource') : undefined,
    maxAge: maxAge === null ? undefined : Number(maxAge),
    ...askedAcr(query),
  }
}

/** `acr_values` is a wish; `acr` in the `claims` parameter can be essential. @see OpenID Connect Core 1.0, section 5.5.1.1 */
function askedAcr(query: URLSearchParams): { readonly acrValues?: string | undefined; readonly acrEssential?: boolean } {
  const acr = requestedAcr(query.get('claims'))
  if (acr?.['essential'] === true) {
    const values: readonly unknown[] = Array.isArray(acr['values']) ? acr['values'] : [acr['value']]
    return { acrValues: values.filter((value) => typeof value === 'string').join(' '), acrEssential: true }
  }
  return { acrValues: query.get('acr_values') ?? undefined }
}

/** @returns what the `claims` parameter asks of `acr` in the ID token */
function requestedAcr(claims: string | null): JsonObject | undefined {
  const request: unknown = parseClaims(claims ?? '{}')
  const idToken = isJsonObject(request) ? request['id_token'] : undefined
  const acr = isJsonObject(idToken) ? idToken['acr'] : undefined
  return isJsonObject(acr) ? acr : undefined
}

function parseClaims(claims: string): unknown {
  try {
    return JSON.parse(claims)
  } catch {
    throw createError('configuration', 'the parameter "claims" is not JSON', {
      hint: 'Give it as JSON.stringify({ id_token: { … }, userinfo: { … } }).',
      spec: 'OpenID Connect Core 1.0, section 5.5',
    })
  }
}
