// A page that always needs a fresh token: what a stress test reloads, crashes and freezes.
import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { refreshInWorker } from '@latchkey/core/refresh-worker'
import type { StressSettings } from '../stress-world.js'

declare global {
  interface Window {
    /** For the test. Undefined while the page loads. */
    readonly stress: { readonly client: OAuthClient; readonly failures: readonly string[] }
  }
}

const { issuer, clientId, isInWorker, everyMs, busyMs } = (window as unknown as { readonly settings: StressSettings }).settings

function openWorker(): SharedWorker | undefined {
  if (!isInWorker || typeof SharedWorker === 'undefined') return undefined
  return new SharedWorker(new URL('./refresh.worker.ts', import.meta.url), {
    type: 'module',
    extendedLifetime: true,
  } as WorkerOptions)
}

const failures: string[] = []
const client = createOAuthClient({
  issuer,
  clientId,
  scope: 'openid offline_access',
  fetch: refreshInWorker(openWorker()),
})
Object.assign(window, { stress: { client, failures } })
client.on('error', ({ error }) => failures.push(error.code))
client.on('storage-degraded', ({ error }) => failures.push(error.code))
const status = document.querySelector('[data-testid="status"]')
const show = (): void => void (status && (status.textContent = client.getSnapshot().status))
client.subscribe(show)
if (busyMs !== undefined) {
  const beBusy = (): void => {
    const until = performance.now() + busyMs
    while (performance.now() < until);
  }
  // Begins while the client waits for its first read of the storage.
  setTimeout(beBusy)
  addEventListener('DOMContentLoaded', beBusy)
}
await client.start()
show()
if (everyMs !== undefined) setInterval(() => void client.getAccessToken().catch(() => undefined), everyMs)
