import type { FramedCallback, PageProbe, ServiceWorkerFacts } from './probes.js'
import { visitInFrame } from './visit-in-frame.js'

type Page = Window & typeof globalThis

/** Name of the key and database that the storage test creates and removes. */
const TEST_NAME = 'latchkey-doctor'
/** A cache may have thousands of entries. */
const MAX_ENTRIES = 2000

/** Creates the probe of a page. */
export function pageProbe(page: Page): PageProbe {
  return {
    origin: page.location.origin,
    isSecureContext: page.isSecureContext,
    // Absent in an insecure context, whatever the types say.
    hasWebCrypto: (page.crypto as Partial<Crypto> | undefined)?.subtle !== undefined,
    blockedStorage: () => blockedStorage(page),
    loadCallback: (redirectUri) => loadCallback(page, redirectUri),
    serviceWorkers: (url) => serviceWorkers(page, url),
    cachedResponses: () => cachedResponses(page),
    libraryScripts: () =>
      page.performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => /@latchkey[/_]core/.test(name)),
  }
}

async function blockedStorage(page: Page): Promise<readonly string[]> {
  const blocked: string[] = []
  try {
    page.sessionStorage.setItem(TEST_NAME, '1')
    page.sessionStorage.removeItem(TEST_NAME)
  } catch {
    blocked.push('sessionStorage')
  }
  const hasDatabase = await openDatabase(page).catch(() => false)
  return hasDatabase ? blocked : [...blocked, 'IndexedDB']
}

async function openDatabase({ indexedDB }: Page): Promise<boolean> {
  const request = indexedDB.open(TEST_NAME)
  const isOpen = await new Promise<boolean>((resolve) => {
    request.addEventListener('success', () => resolve(true))
    request.addEventListener('error', () => resolve(false))
    request.addEventListener('blocked', () => resolve(false))
  })
  if (isOpen) {
    request.result.close()
    indexedDB.deleteDatabase(TEST_NAME)
  }
  return isOpen
}

async function loadCallback(page: Page, redirectUri: string): Promise<FramedCallback> {
  const url = new URL(redirectUri)
  url.searchParams.set(TEST_NAME, '1')
  const visited = await visitInFrame(page, url.href, () => false)
  return visited ? { outcome: 'loaded', ...visited } : { outcome: 'hidden' }
}

async function serviceWorkers({ navigator }: Page, url: string): Promise<readonly ServiceWorkerFacts[]> {
  // Absent in an insecure context; it rejects where site data is blocked.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  const registrations = (await container?.getRegistrations().catch(() => [])) ?? []
  return registrations
    .filter(({ scope, active }) => active !== null && url.startsWith(scope))
    .toSorted((left, right) => right.scope.length - left.scope.length)
    .map(({ scope, active }) => ({ scope, script: active?.scriptURL ?? '' }))
}

async function cachedResponses({ caches }: Page): Promise<readonly string[]> {
  // Absent in an insecure context.
  const storage = caches as CacheStorage | undefined
  const names = (await storage?.keys().catch(() => [])) ?? []
  const requests = await Promise.all(names.map(async (name) => (await (await storage?.open(name))?.keys()) ?? []))
  return requests
    .flat()
    .slice(0, MAX_ENTRIES)
    .map(({ url }) => new URL(url))
    .filter(({ searchParams }) => searchParams.has('state') && (searchParams.has('code') || searchParams.has('error')))
    .map(({ origin, pathname }) => `${origin}${pathname}?code=…`)
}
