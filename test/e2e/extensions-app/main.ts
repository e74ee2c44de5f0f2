// A page without a framework: creates a client from the test's settings, shows its state, and exposes it to the test.
import { createOAuthClient, type OAuthClient, type RequestObjectOptions } from '@latchkey/core'
import * as endpoints from '@latchkey/core/endpoints'
import * as grants from '@latchkey/core/grants'
import type { ExtensionsSettings, ExtensionsWindow } from './settings.js'

const page = window as unknown as ExtensionsWindow
void run(page.settings)

async function run({ options, ...signing }: ExtensionsSettings): Promise<void> {
  const warnings: string[] = []
  const requestObject = await requestObjectOptions(signing)
  const client = createOAuthClient({
    ...options,
    ...(requestObject && { requestObject }),
    logger: { debug: () => undefined, warn: (text) => warnings.push(text) },
  })
  const ignored: string[] = []
  client.on('callback-ignored', ({ reason }) => ignored.push(reason))
  page.latchkey = { client, endpoints, grants, warnings, ignored }
  client.subscribe(() => show(client))
  await client.start()
  show(client)
  onClick('redirect', () => client.login({ transport: 'redirect' }))
  onClick('popup', () => client.login({ transport: 'popup', redirectUri: `${location.origin}/callback.html` }))
}

function show(client: OAuthClient): void {
  const { status, claims, error } = client.getSnapshot()
  write('status', status)
  write('subject', claims?.sub ?? '')
  write('error', error ? `${error.code}: ${error.message}` : '')
}

function write(name: string, text: string): void {
  const output = document.querySelector(`[data-testid="${name}"]`)
  if (output) output.textContent = text
}

function onClick(id: string, action: () => Promise<unknown>): void {
  // What fails is shown as the client's error.
  document.querySelector(`#${id}`)?.addEventListener('click', () => void action().catch(() => undefined))
}

async function requestObjectOptions({
  requestKey,
  publishAt,
}: Omit<ExtensionsSettings, 'options'>): Promise<RequestObjectOptions | undefined> {
  if (!requestKey) return undefined
  const key = await crypto.subtle.importKey('jwk', requestKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  return { key, ...(publishAt === undefined ? {} : { publish: (jwt) => publish(publishAt, jwt) }) }
}

/** @returns the address that the server fetches the signed request from */
async function publish(publishAt: string, requestObject: string): Promise<string> {
  const response = await fetch(publishAt, { method: 'POST', body: requestObject })
  return response.text()
}
