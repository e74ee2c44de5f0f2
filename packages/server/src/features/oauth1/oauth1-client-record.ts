import type { RsaKey } from '@latchkey/oauth1/signature'
import { isCallbackUrl } from './callback-url.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** A client of OAuth 1.0a. @see RFC 5849, section 1.1 */
export interface OAuth1ClientRecord {
  /** The consumer key. */
  readonly clientId: string
  /** The consumer secret, in the clear: the server computes signatures with it. Required for HMAC and PLAINTEXT. */
  readonly clientSecret?: string | undefined
  /** Verifies RSA signatures: a WebCrypto key, a JWK or PEM text (SPKI). */
  readonly rsaPublicKey?: RsaKey | undefined
  /** The name that pages show. Default: `clientId`. */
  readonly clientName?: string | undefined
  /** Where users go if the client sends `oob`. Default: the page shows the verifier. */
  readonly defaultRedirectUri?: string | undefined
  /** Callback URLs that the client may use, compared without added query parameters. Default: any, and the page shows its host. */
  readonly callbackUrls?: readonly string[] | undefined
  /** What the user allows, as the page says it after "Use". Default: `your account`. */
  readonly access?: string | undefined
  /** The host's own members, for its site and hooks. JSON-safe. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

/** Finds clients. */
export interface OAuth1ClientStore {
  /** Returns the client; undefined if there is none. */
  findClient(clientId: string): OAuth1ClientRecord | undefined | Promise<OAuth1ClientRecord | undefined>
}

const MEMBERS: MembersOf<OAuth1ClientRecord> = {
  clientId: true,
  clientSecret: true,
  rsaPublicKey: true,
  clientName: true,
  defaultRedirectUri: true,
  callbackUrls: true,
  access: true,
  data: true,
}

/** Creates a store over a list. Throws a TypeError for a client that cannot work. */
export function oauth1ClientList(clients: readonly OAuth1ClientRecord[]): OAuth1ClientStore {
  const known = new Map<string, OAuth1ClientRecord>()
  for (const client of clients) {
    checkOAuth1Client(client)
    if (known.has(client.clientId)) throw new TypeError(`oauth1: the client "${client.clientId}" is listed twice`)
    known.set(client.clientId, client)
  }
  return { findClient: (clientId) => known.get(clientId) }
}

function checkOAuth1Client(client: OAuth1ClientRecord): void {
  checkMembers(client, MEMBERS, { name: 'oauth1: clients', of: client?.clientId })
  const { clientId, clientSecret, rsaPublicKey, defaultRedirectUri, callbackUrls = [] } = client
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('oauth1: a client has no "clientId"')
  if (!clientSecret && !rsaPublicKey) {
    throw new TypeError(
      `oauth1: the client "${clientId}" has neither "clientSecret" nor "rsaPublicKey", so anyone could sign for it`,
    )
  }
  for (const url of [...callbackUrls, ...(defaultRedirectUri === undefined ? [] : [defaultRedirectUri])]) {
    if (!isCallbackUrl(url))
      throw new TypeError(`oauth1: "${url}" of the client "${clientId}" is no absolute URL that users may be sent to`)
  }
  if (rsaPublicKey === undefined || isPublicRsaKey(rsaPublicKey)) return
  throw new TypeError(`oauth1: "rsaPublicKey" of the client "${clientId}" must be a public RSA key: CryptoKey, JWK or PEM`)
}

const PEM = /-----BEGIN PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END PUBLIC KEY-----/

/** By its form: importing it takes a promise. */
function isPublicRsaKey(key: RsaKey): boolean {
  if (typeof key === 'string') return PEM.test(key.replaceAll(String.raw`\n`, '\n'))
  if (key instanceof CryptoKey) return key.type === 'public' && key.algorithm.name === 'RSASSA-PKCS1-v1_5'
  return key?.kty === 'RSA' && [key.n, key.e].every((number) => typeof number === 'string' && /^[\w-]+$/.test(number)) && !key.d
}
