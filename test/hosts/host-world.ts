// The embedded server in this process, and a user with a browser outside the app.
import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'
import { exportJWK, generateKeyPair } from 'jose'
import { alice, users } from '../harness/users.js'

/** A server, and what a user does in a browser. */
export interface HostWorld {
  readonly issuer: string
  /** Calls the server without a network. */
  readonly fetch: typeof fetch
  /** Opens an authorization request and signs Alice in. Returns the URL that the server redirects to. */
  signIn(url: string): Promise<string>
  /** Opens an authorization request and denies it. Returns the URL that the server redirects to. */
  deny(url: string): Promise<string>
}

// One key for all worlds: creating an RSA key takes longer than a test.
const { privateKey } = await generateKeyPair('RS256', { extractable: true })
const keys = [{ ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'key-1' }]

export function createHostWorld(redirectUri: string): HostWorld {
  const issuer = 'https://id.example.com'
  const server = createAuthorizationServer({
    issuer,
    keys,
    clients: [{ clientId: 'native', applicationType: 'native', redirectUris: [redirectUri] }],
    grants: [authorizationCode(), refreshToken({ rotate: true })],
    site: userSite({ users: users.map(({ sub, name }) => ({ sub, claims: { name } })) }),
  })

  /** Submits the form of the sign-in page and returns the redirect. */
  async function submitPage(url: string, values: Readonly<Record<string, string>>): Promise<string> {
    const shownPage = await server.fetch(new Request(url))
    const page = await shownPage.text()
    const cookie = shownPage.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ')
    const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
    const body = new URLSearchParams({ csrf, ...values })
    const response = await server.fetch(new Request(new URL(action, url), { method: 'POST', body, headers: { cookie } }))
    const location = response.headers.get('location')
    if (location === null) throw new Error(`Expected a redirect, received a page (${response.status}).`)
    return location
  }

  return {
    issuer,
    fetch: (input, init) => server.fetch(new Request(input, init)),
    signIn: (url) => submitPage(url, { action: 'sign-in', user: alice.sub }),
    deny: (url) => submitPage(url, { action: 'deny' }),
  }
}
