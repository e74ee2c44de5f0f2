import { type Check, findingsOf, redirectUriOf } from '../examination.js'

/** Whether a service worker handles the redirect URI, changes it, or stores responses. */
export const checkServiceWorker: Check = {
  name: 'service worker at the redirect URI',
  async run(examination) {
    const { page } = examination.probes
    const redirectUri = redirectUriOf(examination)
    if (!page || redirectUri === undefined) return { skipped: 'only a page can tell' }
    if (new URL(redirectUri).origin !== page.origin) return { skipped: 'the redirect URI is on another origin' }
    const find = findingsOf(examination)
    const stored = await page.cachedResponses()
    const cached = stored.map((address) =>
      find('service_worker', {
        severity: 'warning',
        seen: `A cache of this origin contains an authorization response: ${address}.`,
        expected: 'Addresses with a code are never stored.',
        change:
          'In the service worker, do not cache navigations with "code" or "state" in their query: pass them to the network.',
      }),
    )
    const [worker] = await page.serviceWorkers(redirectUri)
    if (!worker) return cached
    const framed = await page.loadCallback(redirectUri)
    if (framed.outcome === 'hidden' || !framed.isOfServiceWorker) return cached
    const isKept = new URL(framed.url).searchParams.has('latchkey-doctor')
    return [
      ...cached,
      find('service_worker', {
        severity: isKept ? 'note' : 'error',
        seen: `The service worker ${worker.script} (scope ${worker.scope}) handles the redirect URI${isKept ? '' : `, and loads ${framed.url} instead`}.`,
        expected:
          'The page at the redirect URI loads with its whole query, from the network or as a page of the app that keeps the address.',
        change:
          'In the service worker, do not handle navigations to the redirect URI (return from the fetch listener, or a denylist of navigateFallback).',
      }),
    ]
  },
}
