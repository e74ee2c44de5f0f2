// The same app by hand on oauth4webapi and idb-keyval: the least that signs in, checks the ID token, refreshes and keeps the tokens.
// No single flight over tabs, no sealing, no errors that explain themselves.
import { del, get, set } from 'idb-keyval'
import * as oauth from 'oauth4webapi'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

const issuer = new URL('https://id.example.com')
const client: oauth.Client = { client_id: 'spa' }
const redirectUri = `${location.origin}/`
const scope = 'openid profile email offline_access'

interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly expiresAt: number
  readonly name: string | undefined
}

async function discover(): Promise<oauth.AuthorizationServer> {
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer))
}

async function signIn(): Promise<void> {
  const server = await discover()
  const pending: Pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  }
  await set('pending', pending)
  const url = new URL(server.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  }).toString()
  location.assign(url)
}

async function keep(server: oauth.AuthorizationServer, response: Response, nonce?: string): Promise<Tokens> {
  const checks = nonce ? { expectedNonce: nonce, requireIdToken: true } : {}
  const result = nonce
    ? await oauth.processAuthorizationCodeResponse(server, client, response, checks)
    : await oauth.processRefreshTokenResponse(server, client, response)
  if (nonce) await oauth.validateApplicationLevelSignature(server, response)
  const former = await get<Tokens>('tokens')
  const tokens: Tokens = {
    accessToken: result.access_token,
    refreshToken: result.refresh_token ?? former?.refreshToken,
    expiresAt: Date.now() / 1000 + (result.expires_in ?? Infinity),
    name: (oauth.getValidatedIdTokenClaims(result)?.['name'] as string | undefined) ?? former?.name,
  }
  await set('tokens', tokens)
  return tokens
}

async function start(): Promise<Tokens | undefined> {
  if (!new URLSearchParams(location.search).has('state')) return get<Tokens>('tokens')
  const pending = await get<Pending>('pending')
  if (!pending) return undefined
  await del('pending')
  const server = await discover()
  const callback = oauth.validateAuthResponse(server, client, new URL(location.href), pending.state)
  history.replaceState(null, '', location.pathname)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    callback,
    redirectUri,
    pending.verifier,
  )
  return keep(server, response, pending.nonce)
}

async function call(tokens: Tokens): Promise<Response> {
  let current = tokens
  if (tokens.refreshToken && tokens.expiresAt - 60 < Date.now() / 1000) {
    const server = await discover()
    current = await keep(server, await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refreshToken))
  }
  return oauth.protectedResourceRequest(current.accessToken, 'GET', new URL('/me', location.href))
}

function Page() {
  const [tokens, setTokens] = useState<Tokens>()
  const [answer, setAnswer] = useState('')
  useEffect(() => void start().then(setTokens), [])
  if (!tokens) return <button onClick={() => void signIn()}>Sign in</button>
  return (
    <>
      <p>{tokens.name}</p>
      <button onClick={() => void call(tokens).then(async (response) => setAnswer(await response.text()))}>
        {answer || 'Call'}
      </button>
    </>
  )
}

createRoot(document.body).render(
  <StrictMode>
    <Page />
  </StrictMode>,
)
