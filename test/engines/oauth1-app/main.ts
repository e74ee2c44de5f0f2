// A page of a client of OAuth 1.0a: it shows the status, and signs what the test wants.
import { memory } from '@latchkey/core'
import { createOAuth1Client, type OAuth1ClientOptions } from '@latchkey/oauth1'
import { CALLBACK_CHANNEL } from './callback-channel.js'

/** What the test writes into the page. */
export interface OAuth1PageSettings {
  readonly options: OAuth1ClientOptions
  readonly privateKey: JsonWebKey
}

const { options, privateKey } = (window as unknown as { readonly settings: OAuth1PageSettings }).settings
const client = createOAuth1Client(options)
const API = '/api?size=big%20one&x=1&x=&ü=é'
const METHODS = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'] as const
const PLACEMENTS = ['header', 'body', 'query'] as const

function show(id: string, text: string): void {
  const element = document.querySelector(`[data-testid="${id}"]`)
  if (element) element.textContent = text
}

function onClick(id: string, work: () => Promise<unknown>): void {
  const run = (): void => void work().catch((error: unknown) => show('error', String(error)))
  document.querySelector(`#${id}`)?.addEventListener('click', run)
}

/** Signs a form and a JSON body by each method in each place. @returns what was not accepted */
async function signAll(): Promise<string> {
  const { accessToken = '', response = {} } = client.getTokenSet() ?? {}
  const token = { token: accessToken, tokenSecret: String(response['oauth_token_secret']) }
  const refused: string[] = []
  for (const signatureMethod of METHODS) {
    for (const placement of PLACEMENTS) {
      const bodyHash = signatureMethod !== 'PLAINTEXT'
      const signer = createOAuth1Client({
        ...options,
        signatureMethod,
        placement,
        privateKey,
        token,
        bodyHash,
        storage: memory(),
      })
      const form = await signer.fetch(API, { method: 'POST', body: new URLSearchParams({ title: 'Ä & b', tag: '' }) })
      const json = await signer.fetch(API, { method: 'PUT', body: '{"ä":1}', headers: { 'content-type': 'application/json' } })
      const texts = [await form.text(), await json.text()].join(', ')
      if (texts !== 'alice title=%C3%84+%26+b&tag=, alice {"ä":1}') refused.push(`${signatureMethod} ${placement}: ${texts}`)
    }
  }
  return refused.join('; ') || 'all accepted'
}

function startWorker(): void {
  const worker = new Worker('/worker.js', { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<string>) => show('answer', data))
  worker.addEventListener('error', ({ message }) => show('error', message))
  worker.postMessage(options)
}

if (location.search.includes('oauth_verifier')) {
  const channel = new BroadcastChannel(CALLBACK_CHANNEL)
  channel.postMessage(location.href)
  channel.close()
}
client.subscribe(() => show('status', client.getSnapshot().status))
onClick('sign-in', () => client.login({ returnTo: '/albums' }))
onClick('sign-in-popup', () => client.login({ transport: 'popup' }))
onClick('call-api', async () => show('answer', await (await client.fetch(API)).text()))
onClick('start-worker', async () => startWorker())
onClick('sign-all', async () => show('answer', await signAll()))
await client.start()
show('status', client.getSnapshot().status)
