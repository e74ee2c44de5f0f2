import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { readChallengeError } from './challenge-error.js'
import type { UserClaims } from './claims.js'
import { type JsonObject, parseBody, sendToEndpoint } from './endpoint-request.js'
import { endpointUrl } from './endpoint-url.js'
import { readJsonObject } from './read-json-object.js'
import { loadServer } from './load-server.js'
import type { ProtocolContext } from './protocol-context.js'
import { withClientErrors } from './protocol-errors.js'
import type { Purpose } from './purpose.js'
import { serverWords } from './server-errors.js'
import { checkBinding, isDPoPToken } from './token-type.js'
import type { TokenSet } from './token-set.js'

const USERINFO_ENDPOINT: Purpose = {
  name: 'UserInfo endpoint',
  invalid: 'invalid_response',
  refused: 'userinfo_error',
  spec: 'OpenID Connect Core 1.0, section 5.3',
}

/**
 * The claims of the UserInfo endpoint; without an endpoint, those of the ID token.
 *
 * @throws SessionError, ServerError, ValidationError userinfo_error; NetworkError
 * @see OpenID Connect Core 1.0, section 5.3
 */
export function fetchUserInfo(
  context: ProtocolContext,
  tokenSet: TokenSet,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<UserClaims> {
  return withClientErrors(context, () => requestUserInfo(context, tokenSet, options))
}

async function requestUserInfo(
  context: ProtocolContext,
  tokenSet: TokenSet,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<UserClaims> {
  const { metadata } = await loadServer(context, { keys: false, signal: options.signal })
  if (metadata.userinfo_endpoint === undefined || tokenSet.accessToken === '') return tokenSet.claims ?? noSubject()
  checkBinding(context.options, tokenSet)
  const response = await sendUserInfoRequest(
    context,
    endpointUrl(context, metadata, 'userinfo_endpoint'),
    tokenSet,
    options.signal,
  )
  return checkSubject(await readClaims(context, response, tokenSet), tokenSet)
}

async function sendUserInfoRequest(
  context: ProtocolContext,
  url: URL,
  token: TokenSet,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const send = (headers: Headers): Promise<Response> => {
    const adapt = context.options.compliance?.userInfoResponse
    return sendToEndpoint(context, url.href, { headers }, { purpose: USERINFO_ENDPOINT, signal, adapt })
  }
  const { accessToken } = token
  const isBound = isDPoPToken(token) && context.options.dpop
  const authorization = `${isBound ? 'DPoP' : 'Bearer'} ${accessToken}`
  const headers = new Headers({ accept: 'application/json, application/jwt', authorization })
  if (!isBound) return send(headers)
  const { sendWithProof } = await (await context.load()).dpop()
  return sendWithProof(context, { url, method: 'GET', headers, accessToken }, send)
}

async function readClaims(context: ProtocolContext, response: Response, { accessToken }: TokenSet): Promise<JsonObject> {
  if (response.status === 401 || response.status === 403) throw await refusedToken(context, response, accessToken)
  const isSigned = response.ok && /^application\/jwt\b/i.test(response.headers.get('content-type') ?? '')
  if (isSigned || context.options.userInfoSignedResponseAlg !== undefined) return readSignedClaims(context, response)
  return readJsonObject(response, USERINFO_ENDPOINT, [accessToken])
}

/** The server's error is in the header, or, with some servers, in the body. @see RFC 6750, section 3.1 */
async function refusedToken(context: ProtocolContext, response: Response, accessToken: string): Promise<OAuthClientError> {
  const challenge = await readChallengeError(async () => (await context.load()).oauth4webapi(), response)
  const source: JsonObject | undefined = challenge ? { ...challenge } : await parseBody(response)
  const words = serverWords((name) => source?.[name], [accessToken])
  const reason = words.error === undefined ? '' : `: ${words.errorDescription ?? words.error}`
  return createError('userinfo_error', `The ${USERINFO_ENDPOINT.name} refused the access token${reason}`, {
    ...words,
    status: response.status,
  })
}

/** A client that is registered for signed responses accepts no others. @see OpenID Connect Core 1.0, section 5.3.2 */
async function readSignedClaims(context: ProtocolContext, response: Response): Promise<JsonObject> {
  const { readSignedResponse } = await (await context.load()).signedResponse()
  const server = await loadServer(context, { keys: true })
  return readSignedResponse(context, server, await response.text(), {
    name: 'UserInfo response',
    code: 'userinfo_error',
    spec: 'OpenID Connect Core 1.0, section 5.3.2',
    algorithm: context.options.userInfoSignedResponseAlg ?? 'RS256',
    requiredClaims: ['sub'],
    partiesOptional: true,
  })
}

/** Otherwise a substituted token of another user would show that user's data. */
function checkSubject(claims: JsonObject, tokenSet: TokenSet): UserClaims {
  if (tokenSet.claims && claims['sub'] !== tokenSet.claims.sub) {
    throw createError('userinfo_error', 'The UserInfo response is about another "sub" than the ID token.', {
      hint: 'Nothing of this response is used: the server mixed up users, or the token belongs to another session.',
      spec: 'OpenID Connect Core 1.0, section 5.3.2',
    })
  }
  return claims
}

function noSubject(): never {
  throw createError('userinfo_error', 'The server has no UserInfo endpoint and issued no ID token.', {
    hint: 'Request the scope "openid", or give "userinfo_endpoint" in "server".',
    spec: 'OpenID Connect Core 1.0, section 5.3',
  })
}
