import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { latchkey } from './latchkey.js'
import type { LatchkeyOptions } from './latchkey-options.js'

/** An app with one module: it puts its settings where a test can read them. */
export async function emptyApp(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-app-'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>app</title><script type="module" src="/main.js"></script>')
  await writeFile(join(root, 'main.js'), "import settings from 'virtual:latchkey'\nwindow.settings = settings\n")
  return root
}

/** A configuration of the app with the plugin, on a free port of 127.0.0.1, deaf to the configuration files around it. */
export function appConfig(root: string, options: LatchkeyOptions = {}, config: InlineConfig = {}): InlineConfig {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  return {
    root,
    configFile: false,
    logLevel: 'silent',
    cacheDir: join(root, '.cache'),
    server: { host: '127.0.0.1', port, watch: null },
    preview: { host: '127.0.0.1', port },
    ...config,
    plugins: [latchkey(options), ...(config.plugins ?? [])],
  }
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly scope: string
}

export interface SignInRequest {
  readonly issuer: string
  readonly redirectUri: string
  readonly clientId?: string
  readonly scope?: string
  readonly user?: string
}

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
/** Of the verifier. @see RFC 7636, appendix B */
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** Signs in as a browser without script would: one click, one more where consent is asked for, then the code is redeemed. */
export async function signIn(request: SignInRequest): Promise<Tokens> {
  const { issuer, redirectUri, clientId = 'app', scope = 'openid profile offline_access', user = 'ada' } = request
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const url = `${issuer}/authorize?${new URLSearchParams(query).toString()}`
  const cookies: string[] = []
  const signedIn = await submit(await fetch(url), { action: 'sign-in', user }, { url, cookies })
  const answer = signedIn.status === 200 ? await submit(signedIn, { action: 'consent' }, { url, cookies }) : signedIn
  const code = new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('code') ?? ''
  return token(issuer, {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
}

/** Sends the form of a page, with the cookies that it came with and all before. */
async function submit(
  page: Response,
  values: Readonly<Record<string, string>>,
  { url, cookies }: { readonly url: string; readonly cookies: string[] },
): Promise<Response> {
  const html = await page.text()
  const csrf = /name="csrf" value="([^"]*)"/.exec(html)?.[1]
  if (csrf === undefined) throw new Error(`no sign-in page, but ${page.status}: ${html.slice(0, 300)}`)
  cookies.push(...page.headers.getSetCookie().map((line) => line.split(';')[0] ?? ''))
  const body = new URLSearchParams({ csrf, ...values })
  return fetch(url, { method: 'POST', headers: { cookie: cookies.join('; ') }, body, redirect: 'manual' })
}

/** @throws Error with the server's own words when it refuses */
export async function token(issuer: string, parameters: Readonly<Record<string, string>>): Promise<Tokens> {
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(parameters) })
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(body))
  return body as Tokens
}
