import type { ClientOptions, OAuthClient, TokenSet } from '@latchkey/core'
import { storedServer } from '@latchkey/core/internals'
import { decodeJwt, type JSONWebKeySet } from 'jose'
import { encodedSha256 } from './hashes.js'
import { checkIdToken, type FormerClaims, type IdTokenCheck, type IdTokenContext } from './id-token-checks.js'
import { AUTHORIZATION_RESPONSE } from './message-catalog.js'
import { mask } from './protocol-message.js'
import type { Recording, RequestFacts } from './recording.js'

const MAX_REQUESTS = 20
const MAX_UNVERIFIED = 5

/** The members of a token response that are checked together. */
export interface ReceivedIdToken {
  readonly id_token?: unknown
  readonly access_token?: string | undefined
}

/** An ID token, and what came with it. */
interface Received {
  readonly idToken: string
  readonly accessToken?: string | undefined
  readonly code?: string | undefined
  readonly state?: string | undefined
  readonly isRefresh?: boolean | undefined
}

type KeySet = JSONWebKeySet | undefined

interface WatchParts {
  readonly recording: () => Recording
  readonly save: (change: Partial<Recording>) => void
  readonly now: () => number
}

/** Checks the ID tokens that a recorder sees, for display. Tokens are kept in memory, and only until the keys are known. */
export class IdTokenWatch {
  readonly #options: ClientOptions<unknown>
  readonly #parts: WatchParts
  #client: OAuthClient<unknown> | undefined
  /** Of tokens whose signature could not be verified: the client fetches unknown keys afterwards. */
  readonly #unverified = new Map<number, Received>()

  constructor(options: ClientOptions<unknown>, parts: WatchParts) {
    this.#options = options
    this.#parts = parts
  }

  /** Lets the watch read the metadata, keys and session of the client. */
  attach(client: OAuthClient<unknown>): void {
    this.#client = client
  }

  /** Remembers what the response to an authorization request is compared with. */
  async noteRequest(parameters: URLSearchParams): Promise<void> {
    const signed = parameters.get('request')
    const read = signed === null ? (name: string) => parameters.get(name) ?? undefined : readerOf(signed)
    const [state, nonce, maxAge, acrValues] = ['state', 'nonce', 'max_age', 'acr_values'].map(read)
    if (state === undefined && nonce === undefined) return
    const facts: RequestFacts = {
      state: state === undefined ? undefined : mask(state),
      nonce: nonce === undefined ? undefined : { masked: mask(nonce), hash: await encodedSha256(nonce) },
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
      acrValues,
    }
    const others = this.#parts.recording().requests.filter((one) => one.state !== facts.state)
    this.#parts.save({ requests: [...others, facts].slice(-MAX_REQUESTS) })
  }

  /** Checks the ID token of a message, and adds the result to it. */
  async check(message: number, received: Received): Promise<void> {
    // Before the client has handled the response, so that a refresh is compared with the session that it renews.
    const former = received.isRefresh ? this.#client?.getTokenSet()?.claims : undefined
    const checks = await checkIdToken(received.idToken, await this.#context(received, former))
    if (checks.some(({ name, result }) => name === 'signature' && result !== 'passed')) this.#unverified.set(message, received)
    else this.#unverified.delete(message)
    for (const id of [...this.#unverified.keys()].slice(0, -MAX_UNVERIFIED)) this.#unverified.delete(id)
    const { messages } = this.#parts.recording()
    this.#parts.save({ messages: messages.map((one) => (one.id === message ? { ...one, checks } : one)) })
  }

  /** Repeats the checks that lacked a key. */
  async checkAgain(): Promise<void> {
    for (const [message, received] of this.#unverified) await this.check(message, received)
  }

  /** Checks the ID token of the session. */
  async checkSession({ idToken, accessToken, clockOffsetSeconds = 0 }: TokenSet): Promise<readonly IdTokenCheck[]> {
    if (idToken === undefined) return []
    const context = await this.#context({ idToken, accessToken })
    return checkIdToken(idToken, { ...context, nonce: undefined, now: context.now + clockOffsetSeconds * 1000 })
  }

  async #context({ accessToken, code, state, isRefresh }: Received, former?: FormerClaims): Promise<IdTokenContext> {
    const { keys, endpoints } = this.#parts.recording()
    const { issuer, server, clientId, idTokenSignedResponseAlg, clockTolerance = 30 } = this.#options
    const { acceptedIssuers, trustedAudiences } = this.#options
    const stored = this.#client && (await storedServer(this.#client))
    const request = isRefresh ? undefined : this.#requestOf(state, code)
    const names = [server?.issuer, endpoints['issuer'], stored?.metadata.issuer, issuer]
    return {
      issuer: names.find((name): name is string => typeof name === 'string'),
      clientId,
      algorithm: idTokenSignedResponseAlg,
      tolerance: clockTolerance,
      now: this.#parts.now(),
      keys: merged([keys, stored?.jwks as KeySet, server?.jwks as KeySet]),
      nonce: request?.nonce,
      maxAge: request?.maxAge,
      acrValues: request?.acrValues,
      isRefresh,
      accessToken,
      code,
      former,
      acceptsOthers: acceptedIssuers !== undefined || trustedAudiences !== undefined,
    }
  }

  /** The request that a response belongs to: by the state, else the latest one, because a popup's response is not seen. */
  #requestOf(state: string | undefined, code: string | undefined): RequestFacts | undefined {
    const { requests, messages } = this.#parts.recording()
    const seen =
      code === undefined
        ? undefined
        : messages.findLast(({ title, sent }) => title === AUTHORIZATION_RESPONSE.title && sent['code'] === mask(code))
    const masked = state === undefined ? seen?.sent['state'] : mask(state)
    return requests.find((one) => masked !== undefined && one.state === masked) ?? requests.at(-1)
  }
}

/** The key set that was seen last is the newest; the client may know others. */
function merged(sets: readonly KeySet[]): KeySet {
  const known = new Map<string, JSONWebKeySet['keys'][number]>()
  for (const key of sets.flatMap((set) => set?.keys ?? [])) {
    const name = key.kid ?? JSON.stringify(key)
    if (!known.has(name)) known.set(name, key)
  }
  return known.size === 0 ? undefined : { keys: [...known.values()] }
}

/** Reads the parameters of a signed request. @see RFC 9101 */
function readerOf(request: string): (name: string) => string | undefined {
  try {
    const claims = decodeJwt(request)
    return (name) => {
      const value = claims[name]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    }
  } catch {
    return () => undefined
  }
}
