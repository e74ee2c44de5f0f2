import { mkdtempSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { latchkey } from './latchkey.js'
import type { LatchkeyOptions } from './latchkey-options.js'

/** The plugin saves its state outside of projects: here, instead of in the account's own folder. */
export const stateHome = mkdtempSync(join(tmpdir(), 'latchkey-state-'))
process.env['XDG_STATE_HOME'] = stateHome

/** Creates an app with one module, which makes its settings readable for a test. */
export async function emptyApp(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-app-'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>app</title><script type="module" src="/main.js"></script>')
  await writeFile(join(root, 'main.js'), "import settings from 'virtual:latchkey'\nwindow.settings = settings\n")
  return root
}

/** Saves the generation of keys, which takes long. */
const sharedState = join(stateHome, 'shared')

/**
 * Returns a configuration of the app with the plugin, on a random port of 127.0.0.1. It ignores configuration files. The state is shared by
 * all apps; with `persist: true` it is the project's own.
 */
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
    plugins: [latchkey({ persist: sharedState, ...options }), ...(config.plugins ?? [])],
  }
}

/** A successful token response. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly scope: string
}

/** What `signIn()` needs; the defaults fit the plugin's own client and users. */
export interface SignInRequest {
  readonly issuer: string
  readonly redirectUri: string
  readonly clientId?: string
  readonly scope?: string
  readonly user?: string
}

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
/** The challenge for the verifier (RFC 7636, appendix B). */
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** Signs in as a browser without scripts: one click, a second one if consent is required, then the code is redeemed. */
export async function signIn(request: SignInRequest): Promise<Tokens> {
  const { issuer, redirectUri, clientId = 'app', scope = 'openid profile offline_access', user = 'ada' } = request
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }
  const url = `${issuer}/authorize?${new URLSearchParams(query).toString()}`
  const cookies: string[] = []
  const signedIn = await submit(await fetch(url), { action: 'sign-in', user }, { url, cookies })
  const redirect = signedIn.status === 200 ? await submit(signedIn, { action: 'consent' }, { url, cookies }) : signedIn
  const code = new URL(redirect.headers.get('location') ?? 'about:blank').searchParams.get('code') ?? ''
  return token(issuer, {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: VERIFIER,
  })
}

/** Submits the form of a page with the cookies of this and all previous responses. */
async function submit(
  page: Response,
  values: Readonly<Record<string, string>>,
  { url, cookies }: { readonly url: string; readonly cookies: string[] },
): Promise<Response> {
  const html = await page.text()
  const csrf = /name="csrf" value="([^"]*)"/.exec(html)?.[1]
  if (csrf === undefined) throw new Error(`Expected a sign-in page, received ${page.status}: ${html.slice(0, 300)}`)
  cookies.push(...page.headers.getSetCookie().map((line) => line.split(';')[0] ?? ''))
  const body = new URLSearchParams({ csrf, ...values })
  return fetch(url, { method: 'POST', headers: { cookie: cookies.join('; ') }, body, redirect: 'manual' })
}

/** Sends a token request. Throws an Error with the response body if the server rejects it. */
export async function token(issuer: string, parameters: Readonly<Record<string, string>>): Promise<Tokens> {
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(parameters) })
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(body))
  return body as Tokens
}

/** Sends a request with headers that `fetch` does not allow. */
export async function statusFor(url: URL, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
