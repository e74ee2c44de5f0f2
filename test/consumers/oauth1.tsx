// Clients of OAuth 1.0a: values that may be missing, claims typed from a schema, and their places beside clients of OAuth 2.
import { createOAuthRegistry, type StandardSchema, type UserClaims } from '@latchkey/core'
import { createOAuth1Client, oauth1Entry, type OAuth1ClientOptions } from '@latchkey/oauth1'
import { OAuthProvider, requireSignIn, useAuthedFetch, useUser } from '@latchkey/react'

declare const maybe: string | undefined
declare const seconds: number | undefined
declare const flag: boolean | undefined
declare const signal: AbortSignal | undefined

interface Collector {
  readonly sub: string
  readonly records: number
}
declare const collector: StandardSchema<Collector>

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- identical types, not only assignable ones
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
const same = <One, Other>(isSame: Same<One, Other>): boolean => isSame

const options: OAuth1ClientOptions = {
  consumerKey: 'app',
  consumerSecret: maybe,
  privateKey: maybe,
  signatureMethod: undefined,
  placement: undefined,
  realm: maybe,
  bodyHash: flag,
  temporaryCredentialsUrl: maybe,
  authorizationUrl: maybe,
  tokenCredentialsUrl: maybe,
  callbackUrl: maybe,
  callbackState: flag,
  name: maybe,
  resources: [{ url: 'https://api.example.com', resource: maybe }],
  proxy: undefined,
  token: undefined,
  userInfo: undefined,
  transport: undefined,
  storage: undefined,
  timeout: seconds,
  fetch: undefined,
}
export const plain = createOAuth1Client(options)
const plainState = plain.getSnapshot()
if (plainState.status === 'signed-in') same<typeof plainState.claims, UserClaims>(true)

export const discogs = createOAuth1Client({ consumerKey: 'app', claims: collector })
const state = discogs.getSnapshot()
if (state.status === 'signed-in') same<typeof state.claims, Collector>(true)

export async function connect() {
  const credentials = await discogs.temporaryCredentials({ callbackUrl: maybe, signal })
  const url: URL = discogs.authorizationUrl(credentials, {})
  const { accessToken } = await discogs.tokenCredentials(credentials, 'verifier', { signal })
  const user = await requireSignIn(discogs, { returnTo: maybe })
  same<typeof user, Collector>(true)
  return [url, accessToken, await discogs.login({ returnTo: maybe, signal })] as const
}

export const registry = createOAuthRegistry({
  discogs: oauth1Entry({ consumerKey: 'app', apiBaseUrl: maybe, claims: collector }),
  plain: oauth1Entry({ ...options, apiBaseUrl: maybe }),
  google: { issuer: 'https://id.example.com', clientId: 'app' },
})
same<typeof registry.names, readonly ('discogs' | 'plain' | 'google')[]>(true)
const registered = registry.discogs.getSnapshot()
if (registered.status === 'signed-in') same<typeof registered.claims, Collector>(true)
export const identity: Promise<Response> = registry.plain.get('oauth/identity')

export function Records() {
  const user = useUser<Collector>()
  const fetch = useAuthedFetch()
  return <button onClick={() => void fetch('https://api.example.com/')}>{user.records}</button>
}

export const app = (
  <OAuthProvider clients={{ discogs, google: { issuer: 'https://id.example.com', clientId: 'app', scope: maybe } }}>
    <Records />
  </OAuthProvider>
)
export const single = (
  <OAuthProvider client={plain}>
    <Records />
  </OAuthProvider>
)
