import { parseUrl } from '../../platform/parse-url.js'
import { isLoopback } from '../../platform/is-loopback.js'
import { appOrigin, type Check, findingsOf, redirectUriOf } from '../examination.js'

/** Whether the page has https and WebCrypto. */
export const checkSecureContext: Check = {
  name: 'https and WebCrypto',
  async run(examination) {
    const { probes } = examination
    const addresses = [appOrigin(examination), redirectUriOf(examination)].filter((one) => one !== undefined)
    const insecure = addresses.find((address) => isInsecure(address))
    const isSecure = probes.page ? probes.page.isSecureContext && probes.page.hasWebCrypto : insecure === undefined
    if (addresses.length === 0 && !probes.page) return { skipped: 'it needs the origin of the app' }
    if (isSecure) return []
    return [
      findingsOf(examination)('insecure_context', {
        seen: probes.page
          ? `The page at ${probes.page.origin} has ${probes.page.hasWebCrypto ? 'WebCrypto, but' : 'no crypto.subtle and'} is ${probes.page.isSecureContext ? '' : 'not '}a secure context.`
          : `The app is at ${insecure}.`,
        expected: 'https, or http on localhost: only there has a page crypto.subtle, which PKCE and stored tokens need.',
        change:
          'Serve the app over https. On your own machine, open it at http://localhost instead of an IP address or a host name.',
      }),
    ]
  },
}

function isInsecure(address: string): boolean {
  const url = parseUrl(address)
  return url?.protocol === 'http:' && !isLoopback(url)
}

/** Whether the browser lets the page store what a sign-in needs. */
export const checkStorage: Check = {
  name: 'storage of the browser',
  async run(examination) {
    const { page } = examination.probes
    if (!page) return { skipped: 'only a page can tell' }
    const blocked = await page.blockedStorage()
    if (blocked.length === 0) return []
    const isSignInLost = blocked.includes('sessionStorage')
    return [
      findingsOf(examination)('storage_blocked', {
        severity: isSignInLost ? 'error' : 'warning',
        seen: `The browser blocks ${blocked.join(', ')}.`,
        expected: 'sessionStorage keeps a sign-in while the browser is at the server; IndexedDB keeps the session.',
        change:
          'Allow site data for this page in the browser, leave private mode, or do not load the app in a frame of another site. ' +
          (isSignInLost ? 'Without sessionStorage, sign in by popup.' : 'Until then, the session ends with the page.'),
      }),
    ]
  },
}

/** Whether the page loaded the library more than once. */
export const checkCopies: Check = {
  name: 'copies of the library',
  async run(examination) {
    const { page } = examination.probes
    if (!page) return { skipped: 'only a page can tell' }
    const copies = [...new Set(page.libraryScripts().map(copyOf))]
    if (copies.length < 2) return []
    return [
      findingsOf(examination)('several_copies', {
        severity: 'warning',
        seen: `The page loaded @latchkey packages from ${copies.join(' and ')}.`,
        expected: 'One copy: a client of one copy is a stranger to the other, and two copies do not share their single refresh.',
        change:
          'Find the copies with "npm ls @latchkey/core" and bring them to one version. In a bundler, resolve the package once (resolve.dedupe in Vite).',
      }),
    ]
  },
}

/** What the scripts of one copy have in common: the folder, and the version that a bundler adds. */
function copyOf(address: string): string {
  const url = new URL(address)
  const version = url.searchParams.get('v')
  const folder = url.pathname.replace(/@latchkey[/_]core(?!.*@latchkey[/_]core).*$/, '')
  return `${url.origin}${folder}${version === null ? '' : ` (v=${version})`}`
}
