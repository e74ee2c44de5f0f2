// The embedded server in this process, and a person with a browser of their own that is not the app.
import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'
import { alice, users } from '../harness/users.js'

export interface HostWorld {
  readonly issuer: string
  /** Reaches the server without a network. */
  readonly fetch: typeof fetch
  /** Opens an authorization request and signs alice in. @returns where the server sends the browser then */
  signIn(url: string): Promise<string>
  /** Opens an authorization request and says no. */
  deny(url: string): Promise<string>
}

export function createHostWorld(redirectUri: string): HostWorld {
  const issuer = 'https://id.example.com'
  const server = createAuthorizationServer({
    issuer,
    clients: [{ clientId: 'native', applicationType: 'native', redirectUris: [redirectUri] }],
    grants: [authorizationCode(), refreshToken({ rotate: true })],
    site: userSite({ users: users.map(({ sub, name }) => ({ sub, claims: { name } })) }),
  })

  /** The sign-in page comes as a form without script; it is filled in and sent. */
  async function answerPage(url: string, values: Readonly<Record<string, string>>): Promise<string> {
    const shown = await server.fetch(new Request(url))
    const page = await shown.text()
    const cookie = shown.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ')
    const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
    const body = new URLSearchParams({ csrf, ...values })
    const answer = await server.fetch(new Request(new URL(action, url), { method: 'POST', body, headers: { cookie } }))
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`the server shows a page (${answer.status}) in the place of a redirect`)
    return location
  }

  return {
    issuer,
    fetch: (input, init) => server.fetch(new Request(input, init)),
    signIn: (url) => answerPage(url, { action: 'sign-in', user: alice.sub }),
    deny: (url) => answerPage(url, { action: 'deny' }),
  }
}
