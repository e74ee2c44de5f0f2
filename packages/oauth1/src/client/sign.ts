import { OAuthClientError } from '@latchkey/core'
import { createError, explain } from '@latchkey/core/internals'
import { hmac } from '../signature/hmac.js'
import { signRequest } from '../signature/sign-request.js'
import type { Credentials } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import type { OAuth1Config } from './resolve-options.js'

/**
 * Signs a request as the options of the client say.
 *
 * @param credentials in addition to the client's own
 * @param parameters of a request for credentials
 */
export const sign = (...parts: Parameters<typeof signAsConfigured>): Promise<Request> => signAsConfigured(...parts).catch(refuse)

/** What goes wrong before a request is sent is the app's own. */
export async function refuse(cause: unknown): Promise<never> {
  if (cause instanceof OAuthClientError) throw await explain(cause)
  // The text of another error may quote a key.
  const seen = cause instanceof TypeError ? cause.message : 'The request could not be signed.'
  throw await explain(createError('configuration', seen, { cause }))
}

async function signAsConfigured(
  { options, environment, keys }: OAuth1Config,
  request: Request,
  credentials: Credentials | null | undefined,
  parameters?: Readonly<Record<string, string>>,
): Promise<Request> {
  const { consumerKey: clientId, signatureMethod: name = 'HMAC-SHA1', bodyHash, placement } = options
  const { token, tokenSecret } = credentials ?? {}
  return signRequest(request, {
    ...options,
    clientId,
    token,
    keys: { ...keys, tokenSecret },
    method: hmac(name) ?? (await (await loadRareCalls()).rareMethod(name, request.url)),
    placement: placement === 'body' ? (await loadRareCalls()).placeFor(request) : placement,
    bodyHash: bodyHash && !parameters,
    parameters,
    timestamp: Math.floor(environment.now() / 1000),
  })
}
