import { describe, expect, it } from 'vitest'
import { checkAuthorization } from './checks/check-authorization.js'
import { checkCallbackPage } from './checks/check-callback-page.js'
import { checkClock } from './checks/check-clock.js'
import { checkCookies } from './checks/check-cookies.js'
import { checkCopies, checkSecureContext, checkStorage } from './checks/check-page.js'
import { checkServiceWorker } from './checks/check-service-worker.js'
import type { Check, Examination } from './examination.js'
import type { PageProbe } from './probes.js'

const APP = 'https://app.example.com'

const page: PageProbe = {
  origin: APP,
  isSecureContext: true,
  hasWebCrypto: true,
  blockedStorage: async () => [],
  loadCallback: async (url) => ({ outcome: 'loaded', url: `${url}?latchkey-doctor=1`, isOfServiceWorker: true }),
  serviceWorkers: async () => [],
  cachedResponses: async () => [],
  libraryScripts: () => [],
}

/** The findings of one check in a page, as `severity code`. */
async function findingsIn(check: Check, probe: Partial<PageProbe>, more: Partial<Examination> = {}): Promise<readonly string[]> {
  const result = await check.run(examinationOf(probe, more))
  return 'skipped' in result ? ['skipped'] : result.map(({ severity, code }) => `${severity} ${code}`)
}

function examinationOf(probe: Partial<PageProbe>, more: Partial<Examination>, headers?: Record<string, string>): Examination {
  return {
    setup: { issuer: 'https://id.other.example', clientId: 'spa', redirectUri: `${APP}/` },
    probes: {
      send: async (url) =>
        headers ? { outcome: 'response', url, status: 200, headers: new Headers(headers), text: '' } : { outcome: 'hidden' },
      navigate: async () => ({ outcome: 'page', pages: [] }),
      now: () => 0,
      page: { ...page, ...probe },
    },
    clocks: [],
    ...more,
  }
}

describe('the checks of a page', () => {
  it('find a page without a secure context or WebCrypto', async () => {
    expect(await findingsIn(checkSecureContext, {})).toEqual([])
    expect(await findingsIn(checkSecureContext, { hasWebCrypto: false })).toEqual(['error insecure_context'])
    expect(await findingsIn(checkSecureContext, { isSecureContext: false })).toEqual(['error insecure_context'])
  })

  it('find blocked storage: without sessionStorage no sign-in can be completed', async () => {
    expect(await findingsIn(checkStorage, {})).toEqual([])
    expect(await findingsIn(checkStorage, { blockedStorage: async () => ['sessionStorage'] })).toEqual(['error storage_blocked'])
    expect(await findingsIn(checkStorage, { blockedStorage: async () => ['IndexedDB'] })).toEqual(['warning storage_blocked'])
  })

  it('find several copies by folder or version, and no other entry of one copy', async () => {
    const from = (...addresses: readonly string[]): Promise<readonly string[]> =>
      findingsIn(checkCopies, { libraryScripts: () => addresses.map((address) => `${APP}/${address}`) })
    expect(
      await from('node_modules/.vite/deps/@latchkey_core.js?v=1', 'node_modules/.vite/deps/@latchkey_core_doctor.js?v=1'),
    ).toEqual([])
    expect(
      await from('node_modules/.vite/deps/@latchkey_core.js?v=1', 'node_modules/.vite/deps/@latchkey_core.js?v=2'),
    ).toHaveLength(1)
    const nested = 'node_modules/kit/node_modules/@latchkey/core/dist/index.js'
    expect(await from('node_modules/@latchkey/core/dist/index.js', nested)).toHaveLength(1)
  })

  it('find that a frame gets no cookies: the user is signed in here, and not there', async () => {
    const metadata = { issuer: 'https://id.other.example', authorization_endpoint: 'https://id.other.example/authorize' }
    const known = { metadata, serverPages: [], silentError: 'login_required' }
    expect(await findingsIn(checkCookies, {}, known)).toEqual([])
    const session = { hasRefreshToken: true }
    expect(await findingsIn(checkCookies, {}, { ...known, session })).toEqual(['note third_party_cookies'])
    const sameSite = { ...metadata, authorization_endpoint: 'https://id.example.com/authorize' }
    expect(await findingsIn(checkCookies, {}, { ...known, session, metadata: sameSite })).toEqual([])
  })

  it('find a service worker only if it handles the redirect URI', async () => {
    const workers = { serviceWorkers: async () => [{ scope: `${APP}/`, script: `${APP}/sw.js` }] }
    expect(await findingsIn(checkServiceWorker, workers)).toEqual(['note service_worker'])
    const loses = {
      ...workers,
      loadCallback: async () => ({ outcome: 'loaded', url: `${APP}/home`, isOfServiceWorker: true }) as const,
    }
    expect(await findingsIn(checkServiceWorker, loses)).toEqual(['error service_worker'])
    const passes = {
      ...workers,
      loadCallback: async () => ({ outcome: 'loaded', url: `${APP}/`, isOfServiceWorker: false }) as const,
    }
    expect(await findingsIn(checkServiceWorker, passes)).toEqual([])
  })

  it('do not take a frame that the app forbids for a refusal of the server', async () => {
    const metadata = { issuer: 'https://id.other.example', authorization_endpoint: 'https://id.other.example/authorize' }
    expect(await findingsIn(checkAuthorization, {}, { metadata })).toEqual(['warning authorization_refused'])
    const policies = [
      { 'x-frame-options': 'DENY' },
      { 'content-security-policy': "frame-ancestors 'none'" },
      { 'content-security-policy': "frame-src 'self'" },
    ]
    for (const headers of policies) {
      const examination = examinationOf({}, { metadata }, { 'content-type': 'text/html', ...headers })
      expect(await checkCallbackPage.run(examination)).toHaveLength(1)
      expect(await checkAuthorization.run(examination)).toMatchObject({ skipped: expect.stringContaining('frame') })
    }
  })

  it('compare clocks with the tolerance of the client', async () => {
    const clock = { owner: 'the authorization server', offset: 31 }
    expect(await findingsIn(checkClock, {}, { clocks: [clock] })).toEqual(['warning clock_offset'])
    expect(await findingsIn(checkClock, {}, { clocks: [{ ...clock, offset: 601 }] })).toEqual(['error clock_offset'])
    expect(await findingsIn(checkClock, {}, { clocks: [{ ...clock, offset: -31 }] })).toEqual(['error clock_offset'])
    expect(await findingsIn(checkClock, {}, { clocks: [{ ...clock, offset: -30 }] })).toEqual([])
    expect(await findingsIn(checkClock, {}, { clocks: [] })).toEqual(['skipped'])
  })
})
