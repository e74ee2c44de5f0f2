import { digest, signatureBaseString, type SignatureMethod } from '@latchkey/oauth1/signature'
import type { Guess, GuessContext } from '../../limits/guess.js'
import { limitGuesses, secondsToWait, throwIfDelayed } from '../../limits/limit-guesses.js'
import { senderNetworks } from '../../limits/sender-address.js'
import { isInsecureUrl } from '../../http/loopback.js'
import type { ServerContext } from '../../options/server-context.js'
import type { OAuth1ClientRecord } from './oauth1-client-record.js'
import { OAuth1Error } from './oauth1-error.js'
import { asBoolean } from './oauth1-hooks.js'
import type { OAuth1Settings } from './oauth1-settings.js'
import type { OAuth1Request } from './read-oauth1-request.js'

/** A client that computes some signatures wrongly, for one kind of resource, must not lose the others. The secrets of a token are long. */
const RESOURCE_FACTOR = 10

/** The server as the checks see it. */
export interface OAuth1Server {
  readonly settings: OAuth1Settings
  /** The request, for what wrong secrets are counted by. */
  readonly guesses?: GuessContext | undefined
  /** Whether the request is for a resource, not for credentials. */
  readonly isResource?: boolean | undefined
  readonly server: ServerContext
}

/** What a signature is checked with. */
export interface Signer {
  readonly client: OAuth1ClientRecord
  /** The secret of the temporary or token credentials; undefined if the request has none. */
  readonly tokenSecret: string | undefined
}

/** Returns a parameter. @throws OAuth1Error missing_required_parameter */
export function required({ parameters }: Pick<OAuth1Request, 'parameters'>, name: string): string {
  const value = parameters.get(name)
  if (value) return value
  throw new OAuth1Error('missing_required_parameter', `missing "${name}" in parameters`)
}

/** Signatures alone do not keep credentials secret on the way. @throws OAuth1Error insecure_transport @see RFC 5849, sections 2.1 and 3.4.4 */
export function checkTransport({ url }: Pick<OAuth1Request, 'url'>): void {
  if (!isInsecureUrl(url.href)) return
  throw new OAuth1Error('insecure_transport', 'OAuth 1 needs https (RFC 5849, section 2.1)')
}

/** @throws OAuth1Error missing_required_parameter, invalid_client */
export async function findSigningClient(
  request: Pick<OAuth1Request, 'parameters'>,
  { settings, server }: OAuth1Server,
): Promise<OAuth1ClientRecord> {
  const clientId = required(request, 'oauth_consumer_key')
  const client = await settings.clients.findClient(clientId)
  if (client?.clientId === clientId) return client
  server.emit({ type: 'client_authentication.failed', clientId })
  throw new OAuth1Error('invalid_client', 'the client is unknown')
}

/**
 * Checks the signature, and that the request was not sent before. The nonce is stored once the signature is right: strangers store
 * nothing.
 *
 * @throws OAuth1Error
 * @see RFC 5849, section 3.2
 */
export async function checkSignedRequest(request: OAuth1Request, signer: Signer, at: OAuth1Server): Promise<void> {
  const { client } = signer
  const method = methodOf(request, at.settings)
  const time = readTime(request, method, at)
  await checkLimited(request, method, signer, at).catch((error: unknown) => {
    if (secondsToWait(error) !== undefined) throw error
    at.server.emit({ type: 'client_authentication.failed', clientId: client.clientId })
    if (error instanceof OAuth1Error || !method.name.startsWith('RSA-')) throw error
    // Strangers must not cause a fault by naming a client whose stored key cannot be read.
    at.server.hooks.onError?.(error)
    throw new OAuth1Error('invalid_client', 'the key of the client cannot be used', { cause: error })
  })
  if (!time) return
  const { timestamp, nonce } = time
  // As long as the timestamp is accepted, and a second for stores that round.
  const expiresAt = (timestamp + at.settings.timestampWindow + 1) * 1000
  const token = request.parameters.get('oauth_token') || undefined
  const use = { nonce, timestamp, clientId: client.clientId, token, expiresAt }
  if (asBoolean('existsNonce', await at.settings.hooks(at.server).existsNonce(use)))
    throw new OAuth1Error('invalid_nonce', 'the nonce was used before (RFC 5849, section 3.3)')
}

/** @throws OAuth1Error missing_required_parameter, unsupported_signature_method, unsupported_parameter */
function methodOf(request: OAuth1Request, { methods }: OAuth1Settings): SignatureMethod {
  const name = required(request, 'oauth_signature_method')
  const version = request.parameters.get('oauth_version') ?? '1.0'
  if (version !== '1.0') throw new OAuth1Error('unsupported_parameter', '"oauth_version" must be "1.0" (RFC 5849, section 3.1)')
  const method = methods.get(name)
  if (method) return method
  throw new OAuth1Error('unsupported_signature_method', `supported are ${[...methods.keys()].join(', ')}`)
}

/**
 * @returns undefined for PLAINTEXT without both
 * @throws OAuth1Error missing_required_parameter, invalid_request
 * @see RFC 5849, section 3.3
 */
function readTime(
  request: OAuth1Request,
  { name }: SignatureMethod,
  { settings, server }: OAuth1Server,
): { readonly timestamp: number; readonly nonce: string } | undefined {
  const { parameters } = request
  if (name === 'PLAINTEXT' && !parameters.get('oauth_timestamp') && !parameters.get('oauth_nonce')) return undefined
  const text = required(request, 'oauth_timestamp')
  const timestamp = /^[1-9]\d{0,11}$/.test(text) ? Number(text) : Number.NaN
  const age = Math.floor(server.now() / 1000) - timestamp
  if (!(Math.abs(age) <= settings.timestampWindow)) {
    throw new OAuth1Error(
      'invalid_request',
      `"oauth_timestamp" must be seconds since 1970, at most ${settings.timestampWindow} from the server's clock`,
    )
  }
  const nonce = required(request, 'oauth_nonce')
  if (nonce.length > 256) throw new OAuth1Error('invalid_request', '"oauth_nonce" is longer than 256 characters')
  return { timestamp, nonce }
}

/** Each wrong signature is a guess at the secret, except for that of a private key. @throws OAuthError 429 after too many */
async function checkLimited(request: OAuth1Request, method: SignatureMethod, signer: Signer, at: OAuth1Server): Promise<void> {
  const check = (): Promise<void> => checkSignature(request, method, signer)
  const guess = guessOf(request, at)
  if (!guess || !at.guesses || method.name.startsWith('RSA-')) return check()
  await limitGuesses(at.guesses, guess, async () => {
    await check()
    return true
  })
}

/**
 * Returns what a wrong signature is counted by: where credentials are requested, client and address. At a resource, client and token, which
 * strangers do not know, so that they cannot lock a client out; without a token the address, and nothing if that is unknown.
 */
function guessOf(
  { parameters }: Pick<OAuth1Request, 'parameters'>,
  { guesses, isResource }: OAuth1Server,
): Guess<boolean> | undefined {
  const clientId = parameters.get('oauth_consumer_key') ?? ''
  const guess = { kind: 'client', name: `oauth1 ${clientId}`, event: () => ({ clientId }), isEmbeddable: isResource } as const
  if (!isResource || !guesses?.server.guessLimits) return guess
  const token = parameters.get('oauth_token')
  if (token) return { ...guess, sender: `token ${token}`, attemptsFactor: RESOURCE_FACTOR }
  return senderNetworks(guesses.request, guesses.env, guesses.server.guessLimits).length > 0 ? guess : undefined
}

/** Refuses a request whose sender has to wait, before its body is read. @throws OAuthError 429 */
export async function checkDelay(request: Pick<OAuth1Request, 'parameters'>, at: OAuth1Server): Promise<void> {
  const guess = guessOf(request, at)
  const isRsa = request.parameters.get('oauth_signature_method')?.startsWith('RSA-')
  if (guess && at.guesses && !isRsa) await throwIfDelayed(at.guesses, guess)
}

/** @throws OAuth1Error missing_required_parameter, invalid_client, invalid_signature */
async function checkSignature(request: OAuth1Request, method: SignatureMethod, { client, tokenSecret }: Signer): Promise<void> {
  const signature = required(request, 'oauth_signature')
  const { clientSecret, rsaPublicKey } = client
  const isRsa = method.name.startsWith('RSA-')
  // Without its secret, everyone could sign for a client that has a key only.
  if (isRsa ? !rsaPublicKey : !clientSecret)
    throw new OAuth1Error('invalid_client', `the client has no ${isRsa ? 'RSA key' : 'secret'} for ${method.name}`)
  const { url, form, headerParameters: parameters } = request
  const baseString = signatureBaseString({ method: request.method, url, form, parameters })
  const isRight = await method.verify(baseString, signature, { clientSecret, tokenSecret, publicKey: rsaPublicKey })
  if (!isRight) throw new OAuth1Error('invalid_signature', 'the signature does not match the request (RFC 5849, section 3.2)')
  await checkBodyHash(request, method)
}

/** @throws OAuth1Error invalid_signature @see OAuth Request Body Hash 1.0, sections 4.1.1 and 4.2 */
async function checkBodyHash({ parameters, form, body }: OAuth1Request, { bodyHash }: SignatureMethod): Promise<void> {
  const hash = parameters.get('oauth_body_hash')
  if (hash === undefined) return
  if (form !== undefined) {
    throw new OAuth1Error(
      'invalid_signature',
      '"oauth_body_hash" must not be sent with a form, which the signature covers (OAuth Request Body Hash 1.0, section 4.1.1)',
    )
  }
  if (body !== undefined && bodyHash !== undefined && hash === (await digest(bodyHash, body))) return
  throw new OAuth1Error(
    'invalid_signature',
    '"oauth_body_hash" is not the hash of the body (OAuth Request Body Hash 1.0, section 4.2)',
  )
}
