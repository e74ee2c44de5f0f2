// A value that may be missing can be passed on as it is, also with "exactOptionalPropertyTypes".
import { createAuthorizationUrl, createOAuthClient, createOAuthRegistry, type ClientOptions } from '@latchkey/core'
import { clientCredentialsSession, deviceAuthorization, passwordGrant, tokenExchange } from '@latchkey/core/grants'
import { discoverResource, registerClient } from '@latchkey/core/endpoints'
import { auth0, github } from '@latchkey/core/providers'
import { OAuthProvider, requireSignIn, RequireSignIn, useAuthedFetch, useToken, useUserInfo } from '@latchkey/react'
import { createTestClient, TestOAuthProvider } from '@latchkey/react/testing'

declare const maybe: string | undefined
declare const seconds: number | undefined
declare const flag: boolean | undefined
declare const signal: AbortSignal | undefined

const options: ClientOptions = {
  issuer: 'https://id.example.com',
  clientId: 'app',
  scope: maybe,
  redirectUri: maybe,
  leeway: seconds,
  dpop: flag,
  resources: [{ url: 'https://api.example.com', resource: maybe, scope: maybe }],
  authorizationDetails: [{ type: 'payment', identifier: maybe }],
}
export const client = createOAuthClient(options)
export const registry = createOAuthRegistry({ a: { ...options, apiBaseUrl: maybe } }, { fetchToken: undefined })
export const calls = [
  client.login({ scope: maybe, returnTo: maybe, maxAge: seconds, signal, claims: { id_token: { acr: { essential: flag } } } }),
  client.logout({ local: flag, state: maybe }),
  client.refresh({ scope: maybe, signal }),
  client.getAccessToken({ resource: maybe, forceRefresh: flag, signal }),
  client.fetch('/api', { withholdToken: flag, resource: maybe }),
  client.userInfo({ signal }),
  createAuthorizationUrl(client, { state: maybe, codeVerifier: maybe }),
  passwordGrant(client, { username: 'a', password: 'b', scope: maybe }),
  tokenExchange(client, { subjectToken: 'a', audience: maybe }),
  deviceAuthorization(options, { scope: maybe, signal }),
  clientCredentialsSession({ issuer: maybe, clientId: 'a' }).getAccessToken({ forceRefresh: flag }),
  registerClient({ issuer: maybe }, {}, { initialAccessToken: maybe, signal }),
  discoverResource('https://api.example.com', { signal }),
  requireSignIn(client, { returnTo: maybe }),
]
export const presets = [github({ tokenEndpoint: maybe }), auth0('a.example.com', { audience: maybe })]

export function Orders() {
  const fetch = useAuthedFetch({ client: undefined, resource: maybe })
  const { accessToken } = useToken({ resource: maybe, scope: maybe })
  const { data } = useUserInfo({ enabled: flag })
  return <button onClick={() => void fetch('/orders')}>{accessToken ?? data?.name}</button>
}

export const app = (
  <OAuthProvider issuer={maybe} clientId="app" scope={maybe} onError={undefined}>
    <RequireSignIn client={undefined} fallback={maybe}>
      <Orders />
    </RequireSignIn>
  </OAuthProvider>
)
export const tested = (
  <TestOAuthProvider session={undefined} client={createTestClient({ session: 'signed-in', fetch: undefined })}>
    <Orders />
  </TestOAuthProvider>
)
