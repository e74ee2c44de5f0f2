import { workerClient } from '@latchkey/core/worker'
// oxlint-disable-next-line import/default -- Vite makes it
import workerAddress from './oauth.worker.ts?worker&url'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

const settings = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="settings"]')?.content ?? '{}') as {
  readonly issuer: string
  readonly api: string
  readonly silent?: readonly ['iframe']
}
// With `require-trusted-types-for 'script'` the browser accepts a worker URL only from a policy that the CSP lists.
const { trustedTypes } = window as unknown as { readonly trustedTypes: TrustedTypes }
const policy = trustedTypes.createPolicy('oauth-worker', {
  createScriptURL(url) {
    if (new URL(url, location.href).pathname !== new URL(workerAddress, location.href).pathname)
      throw new TypeError('another script')
    return url
  },
})
const query = new URLSearchParams({ issuer: settings.issuer, api: settings.api })
const worker = new Worker(policy.createScriptURL(`${workerAddress}?${query}`), { type: 'module' })
const { api: _api, ...options } = settings
const client = workerClient({ worker, clientId: 'spa', ...options })
// For scripts of the tests. A real app does not publish its client.
Object.assign(window, { client })

const show = (what: string, text: string | undefined): void => {
  const output = document.querySelector(`[data-testid="${what}"]`)
  if (output) output.textContent = text ?? ''
}
const render = (): void => {
  const { status, claims, error } = client.getSnapshot()
  show('status', status)
  show('name', claims?.name)
  show('error', error?.code)
}
const onClick = (id: string, action: () => Promise<unknown>): void =>
  document
    .getElementById(id)
    ?.addEventListener('click', () => void action().catch((error: unknown) => show('result', String(error))))

client.subscribe(render)
render()
onClick('sign-in', () => client.login())
onClick('sign-in-popup', () => client.login({ transport: 'popup' }))
onClick('sign-out', () => client.logout())
onClick('call-api', async () => {
  const response = await client.fetch(settings.api)
  show('result', `${response.status} ${await response.text()}`)
})
void client.start()
