// A client by hand on oauth4webapi and idb-keyval, for one app and one server: it checks signatures, stores metadata and keys, and
// refreshes once over all tabs. No sealing, no other grants, no errors that explain themselves.
import { del, get, set } from 'idb-keyval'
import * as oauth from 'oauth4webapi'
import { bench, SCOPE } from './page.js'

/** Of one client, of which a browser may know several. */
const TOKENS = `tokens ${bench.clientId}`
const LEEWAY_MS = 60_000
const client: oauth.Client = { client_id: bench.clientId }
const redirectUri = `${location.origin}/`
/** The issuer of this benchmark is on this machine. */
const insecure = { [oauth.allowInsecureRequests]: true }

interface Server {
  readonly metadata: oauth.AuthorizationServer
  readonly keys?: oauth.JWKSCacheInput
}

interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly expiresAt: number
  readonly name: string | undefined
}

let tokens: Tokens | undefined
const listeners = new Set<() => void>()

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function currentTokens(): Tokens | undefined {
  return tokens
}

function show(next: Tokens | undefined): void {
  tokens = next
  for (const listener of listeners) listener()
}

/** Stored for as long as the app is used: a server that changes its endpoints would need more. */
async function loadServer(): Promise<Server> {
  const stored = await get<Server>('server')
  if (stored) return stored
  const issuer = new URL(bench.issuer)
  const metadata = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  await set('server', { metadata })
  return { metadata }
}

export async function signIn(): Promise<void> {
  const { metadata } = await loadServer()
  const pending: Pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  }
  await set('pending', pending)
  const url = new URL(metadata.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: SCOPE,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  }).toString()
  location.assign(url)
}

async function fetchKeys({ jwks_uri: uri = '' }: oauth.AuthorizationServer): Promise<oauth.JWKSCacheInput> {
  const jwks = (await (await fetch(uri)).json()) as oauth.JWKS
  return { jwks, uat: Math.floor(Date.now() / 1000) }
}

async function keep(result: oauth.TokenEndpointResponse, former?: Tokens): Promise<Tokens> {
  const next: Tokens = {
    accessToken: result.access_token,
    refreshToken: result.refresh_token ?? former?.refreshToken,
    expiresAt: Date.now() + 1000 * (result.expires_in ?? Infinity),
    name: (oauth.getValidatedIdTokenClaims(result)?.['name'] as string | undefined) ?? former?.name,
  }
  await set(TOKENS, next)
  show(next)
  return next
}

/** The keys are requested beside the tokens. */
async function redeem(pending: Pending): Promise<void> {
  await del('pending')
  const { metadata } = await loadServer()
  const callback = oauth.validateAuthResponse(metadata, client, new URL(location.href), pending.state)
  history.replaceState(null, '', location.pathname)
  const [response, keys] = await Promise.all([
    oauth.authorizationCodeGrantRequest(metadata, client, oauth.None(), callback, redirectUri, pending.verifier, insecure),
    fetchKeys(metadata),
  ])
  const result = await oauth.processAuthorizationCodeResponse(metadata, client, response, {
    expectedNonce: pending.nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(metadata, response, { [oauth.jwksCache]: keys, ...insecure })
  await keep(result)
  void set('server', { metadata, keys })
}

let isStarted = false

export async function start(): Promise<void> {
  if (isStarted) return
  isStarted = true
  const pending = new URLSearchParams(location.search).has('state') ? await get<Pending>('pending') : undefined
  if (pending) await redeem(pending)
  else show(await get<Tokens>(TOKENS))
}

function isFresh(candidate: Tokens): boolean {
  return candidate.expiresAt - LEEWAY_MS > Date.now()
}

let refreshing: Promise<Tokens> | undefined

/** @param isForced even if another tab has just refreshed */
export function refresh(isForced = true): Promise<Tokens> {
  refreshing ??= navigator.locks
    .request('refresh', async () => {
      const stored = await get<Tokens>(TOKENS)
      if (!stored) throw new Error('No user is signed in')
      if (!isForced && isFresh(stored)) {
        show(stored)
        return stored
      }
      const { metadata, keys } = await loadServer()
      const response = await oauth.refreshTokenGrantRequest(metadata, client, oauth.None(), stored.refreshToken ?? '', insecure)
      const result = await oauth.processRefreshTokenResponse(metadata, client, response)
      if (result.id_token)
        await oauth.validateApplicationLevelSignature(metadata, response, { [oauth.jwksCache]: keys ?? {}, ...insecure })
      return keep(result, stored)
    })
    .finally(() => (refreshing = undefined))
  return refreshing
}

export async function call(url: string): Promise<Response> {
  if (!tokens) throw new Error('No user is signed in')
  const { accessToken } = isFresh(tokens) ? tokens : await refresh(false)
  return fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })
}
