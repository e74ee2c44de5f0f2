import { OAuthError } from '../http/oauth-error.js'
import { readParameters, type Parameters } from '../http/parameters.js'
import type { ServerContext } from '../options/server-context.js'
import { digest } from '../storage/digest.js'
import { randomGenerator } from '../token/token-generator.js'
import type { RequestSource } from './authorization-request.js'

/** What every `request_uri` that this server issues starts with. */
export const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:'
/** Seconds from the push until the browser must arrive. @see RFC 9126, section 2.2 */
const PUSH_LIFETIME = 90
/** Milliseconds that the user then has for the pages. */
const INTERACTION_MS = 3_600_000
/** Milliseconds from the push until the user must have signed in. Anyone may push a large request and open its page. */
const SIGN_IN_MS = 600_000
/** The same from the arrival of a request that a client has signed. */
const SIGNED_SIGN_IN_MS = 900_000
/** Characters of a stored request, which anonymous senders may push. */
const MAX_STORED = 16_384
/** Characters of each parameter of it; those of structured ones have limits of their own. */
const MAX_PARAMETER = 2048
const STRUCTURED: readonly string[] = ['claims', 'authorization_details', 'id_token_hint']
const random = randomGenerator()

type StoreServer = Pick<ServerContext, 'issuer' | 'stores' | 'now'>

interface StoredRequest {
  readonly query: string
  /** In a request object. */
  readonly isSigned?: boolean | undefined
  /** Sent by the browser itself, not pushed. */
  readonly hasArrived?: boolean | undefined
  /** Milliseconds since the epoch: until then a browser may arrive. */
  readonly expiresAt: number
}

/** A request that pages refer to by its reference. */
export interface ReferencedRequest {
  /** Keeps the request for as long as the user needs for its pages. Called when one of them is shown. */
  readonly keep: (shown: { readonly isSignedIn: boolean }) => Promise<void>
  /** Marks the request as used: it is valid once in all processes. Throws OAuthError if it was used before. @see RFC 9126, section 7.3 */
  consume(): Promise<void>
  /** Deletes what is stored of a request that was used. */
  forget(): Promise<void>
}

/** Stores a pushed request. Returns the reference that finds it again, and in how many seconds a browser must arrive with it. */
export async function savePushedRequest(
  form: URLSearchParams,
  { isSigned }: { readonly isSigned: boolean },
  server: StoreServer,
): Promise<{ requestUri: string; expiresIn: number }> {
  checkSize(form)
  const requestUri = await createRequestUri(server)
  const stored: StoredRequest = { isSigned, query: form.toString(), expiresAt: server.now() + PUSH_LIFETIME * 1000 }
  await server.stores.state.set(`par:${await digest(requestUri)}`, stored, stored.expiresAt)
  return { requestUri, expiresIn: PUSH_LIFETIME }
}

/**
 * Creates a reference to a signed request that a browser sent. Nothing is stored before a page is shown, so that requests which a rule
 * refuses leave nothing behind. One that is sent again and again, as anyone can who has seen it, is stored once: each reference ends with
 * the digest of its content.
 */
export async function referTo(
  form: URLSearchParams,
  server: StoreServer,
): Promise<ReferencedRequest & { readonly requestUri: string }> {
  checkSize(form)
  const query = form.toString()
  const contentDigest = await digest(query)
  const content = contentKey(contentDigest)
  const stored: StoredRequest = { isSigned: true, hasArrived: true, query, expiresAt: server.now() }
  return {
    requestUri: `${await createRequestUri(server)}.${contentDigest}`,
    keep: ({ isSignedIn }) => keepStored(content, { stored, isSignedIn }, server),
    // Without a page, no user knows the reference.
    consume: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  }
}

/**
 * Returns the stored parameters, and nothing beside them (RFC 9126, section 4; RFC 9101, section 6.3).
 *
 * @param isInProgress whether the user has sent a form: if a page was shown in time, the short lifetime until then is ignored
 */
export async function findStoredRequest(
  params: Parameters,
  server: Pick<ServerContext, 'stores' | 'now'>,
  isInProgress: boolean,
): Promise<RequestSource & { readonly reference: ReferencedRequest }> {
  const { state } = server.stores
  const { key, content } = await storedUnder(params.get('request_uri') ?? '')
  // All at once: each read of a store may be a request.
  const [kept, pushed, used] = await Promise.all([
    findKept(content, server),
    state.get<StoredRequest>(`par:${key}`),
    state.get(`par-used:${key}`),
  ])
  const stored = kept ?? pushed
  if (!stored || used !== undefined) throw unknownRequest()
  const mayReturn = kept !== undefined && (isInProgress || kept.hasArrived)
  if (!mayReturn && stored.expiresAt <= server.now()) throw unknownRequest()
  const search = readParameters(new URLSearchParams(stored.query))
  if (search.get('client_id') !== params.get('client_id')) throw unknownRequest()
  const { isSigned = false, hasArrived = false } = stored
  return { params: search, isPushed: !hasArrived, isSigned, reference: reference({ key, content }, stored, server) }
}

interface StoredUnder {
  /** Of this reference alone. */
  readonly key: string
  /** Of the request, which several references may share. */
  readonly content: string
}

async function storedUnder(requestUri: string): Promise<StoredUnder> {
  const key = await digest(requestUri)
  const [, contentDigest] = /\.([\w-]{43})$/.exec(requestUri) ?? []
  return { key, content: contentDigest === undefined ? key : contentKey(contentDigest) }
}

/** Differs from all keys of pushed requests: a digest of such a reference, put behind another one, must not find its request again. */
function contentKey(contentDigest: string): string {
  return `content:${contentDigest}`
}

/** A request whose user has not signed in is kept apart: a visitor without a session must not shorten the time of one with it. */
function keptKey(content: string, isSignedIn: boolean): string {
  return `par-kept:${isSignedIn ? '' : 'open:'}${content}`
}

async function findKept(
  content: string,
  { stores: { state } }: Pick<ServerContext, 'stores'>,
): Promise<StoredRequest | undefined> {
  const [withUser, withoutUser] = await Promise.all(
    [true, false].map((isSignedIn) => state.get<StoredRequest>(keptKey(content, isSignedIn))),
  )
  return withUser ?? withoutUser
}

async function keepStored(
  content: string,
  { stored, isSignedIn }: { readonly stored: StoredRequest; readonly isSignedIn: boolean },
  { stores }: Pick<ServerContext, 'stores'>,
): Promise<void> {
  const { expiresAt, hasArrived } = stored
  const withoutUser = hasArrived ? SIGNED_SIGN_IN_MS : SIGN_IN_MS - PUSH_LIFETIME * 1000
  // Not longer if the page is opened again.
  await stores.state.set(keptKey(content, isSignedIn), stored, expiresAt + (isSignedIn ? INTERACTION_MS : withoutUser))
}

function reference(
  { key, content }: StoredUnder,
  stored: StoredRequest,
  { stores, now }: Pick<ServerContext, 'stores' | 'now'>,
): ReferencedRequest {
  const { state } = stores
  const isShared = key !== content
  const forget = async (): Promise<void> => {
    if (!isShared) await Promise.all([`par:${key}`, keptKey(key, false), keptKey(key, true)].map((name) => state.delete(name)))
  }
  return {
    keep: async (shown) => {
      await keepStored(content, { stored, ...shown }, { stores })
      // A page that opens at the moment of the use must not revive the request.
      if (!isShared && (await state.get(`par-used:${key}`)) !== undefined) await forget()
    },
    async consume() {
      // As long as the request may be kept for a page, or a response be on its way: to delete the request is only to free the room.
      const until = Math.max(now() + SIGN_IN_MS, stored.expiresAt + INTERACTION_MS)
      if (!(await state.add(`par-used:${key}`, 1, until))) throw unknownRequest()
    },
    forget,
  }
}

/** Throws OAuthError `invalid_request`. */
function checkSize(form: URLSearchParams): void {
  const [long] = [...form].find(([name, value]) => value.length > MAX_PARAMETER && !STRUCTURED.includes(name)) ?? []
  if (long === undefined && form.toString().length <= MAX_STORED) return
  const what = long === undefined ? `the request is longer than ${MAX_STORED}` : `a parameter is longer than ${MAX_PARAMETER}`
  throw new OAuthError('invalid_request', `${what} characters`)
}

async function createRequestUri({ issuer }: Pick<ServerContext, 'issuer'>): Promise<string> {
  return REQUEST_URI_PREFIX + (await random.generate({ kind: 'other', issuer }))
}

function unknownRequest(): OAuthError {
  return new OAuthError('invalid_request_uri', '"request_uri" is unknown, expired, used before, or another client\'s')
}
