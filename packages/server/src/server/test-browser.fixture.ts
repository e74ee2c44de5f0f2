import type { AuthorizationServer } from './authorization-server.js'
import { CHALLENGE, ISSUER, SPA, VERIFIER } from './test-server.fixture.js'

/** A browser with a cookie jar, no script, and no will of its own to follow redirects. */
export interface TestBrowser {
  get(path: string): Promise<Response>
  /** Sends a form of this site. */
  post(path: string, values: Readonly<Record<string, string>>): Promise<Response>
  /** Sends the first form of a page that has the button or field named, with these values put in. */
  submit(page: Page, values: Readonly<Record<string, string>>): Promise<Response>
  readonly cookies: Map<string, string>
}

export interface Page {
  readonly url: string
  readonly text: string
  readonly response: Response
}

export function testBrowser(server: AuthorizationServer, issuer: string = ISSUER): TestBrowser {
  const cookies = new Map<string, string>()
  const send = async (
    url: string,
    init: { readonly method?: string; readonly body?: URLSearchParams } = {},
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers: Record<string, string> = cookie === '' ? {} : { cookie }
    const response = await server.fetch(new Request(url, { ...init, headers }))
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return {
    cookies,
    get: (path) => send(new URL(path, issuer).href),
    post: (path, values) => send(new URL(path, issuer).href, { method: 'POST', body: new URLSearchParams(values) }),
    submit: (page, values) => {
      const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
      const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
      return send(new URL(action, page.url).href, { method: 'POST', body: new URLSearchParams({ csrf, ...values }) })
    },
  }
}

export async function asPage(response: Response, url: string = ISSUER): Promise<Page> {
  return { response, url, text: await response.text() }
}

export function authorizePath(params: Readonly<Record<string, string | undefined>> = {}): string {
  const all = {
    response_type: 'code',
    client_id: SPA.clientId,
    redirect_uri: SPA.redirectUris[0],
    scope: 'openid profile email',
    state: 'st&te=1',
    nonce: 'n-0S6',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...params,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return `/oauth/authorize?${new URLSearchParams(given).toString()}`
}

/** Signs in with a password and gives the address that the browser is sent to. */
export async function signIn(
  browser: TestBrowser,
  params: Readonly<Record<string, string | undefined>> = {},
  user: Readonly<{ username: string; password: string }> = { username: 'alice', password: 'wonderland' },
): Promise<URL> {
  const page = await asPage(await browser.get(authorizePath(params)))
  return locationOf(await browser.submit(page, { action: 'sign-in', ...user }))
}

export function locationOf(response: Response): URL {
  const location = response.headers.get('location')
  if (location === null) throw new TypeError(`expected a redirect, got ${response.status}`)
  return new URL(location)
}

export function tokenRequest(body: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${ISSUER}/token`, { method: 'POST', body: new URLSearchParams(body), headers })
}

/** Redeems a code as the single-page app. */
export function redeem(
  server: AuthorizationServer,
  code: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const body = {
    grant_type: 'authorization_code',
    client_id: SPA.clientId,
    redirect_uri: SPA.redirectUris[0] ?? '',
    code,
    code_verifier: VERIFIER,
    ...more,
  }
  return server.fetch(tokenRequest(body))
}

/** The members of a JSON body, loosely: tests look at what is on the wire. */
export async function json(response: Response): Promise<Record<string, string>> {
  return (await response.json()) as Record<string, string>
}
