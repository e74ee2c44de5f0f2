import { appOrigin, type Check, findingsOf } from '../examination.js'
import { isSameSite } from '../same-site.js'

/** Whether a frame of the server gets its cookies: silent sign-in and the session monitor need them. */
export const checkCookies: Check = {
  name: 'third-party cookies',
  async run(examination) {
    const { setup, session, silentError, serverPages, metadata, probes } = examination
    const [server, app] = [metadata?.authorization_endpoint, appOrigin(examination)]
    if (server === undefined || app === undefined) return { skipped: 'it needs the origin of the app and server metadata' }
    if (isSameSite(server, app)) return []
    if (!serverPages) return { skipped: 'the authorization endpoint was not requested' }
    const isRefused = probes.page !== undefined && session !== undefined && silentError === 'login_required'
    const cookies = serverPages.flatMap(({ headers }) => headers.getSetCookie())
    const unsent = cookies.filter((cookie) => !/;\s*samesite=none\b/i.test(cookie)).map((cookie) => cookie.split('=', 1)[0])
    if (!isRefused && unsent.length === 0) return []
    return [
      findingsOf(examination)('third_party_cookies', {
        severity: setup.transport === 'iframe' ? 'warning' : 'note',
        seen: isRefused
          ? 'The user is signed in here, and the server says "login_required" to a request in a frame.'
          : `The cookies ${unsent.join(', ')} of the server have no SameSite=None, and the app is on another site.`,
        expected:
          'App and server on one site, such as app.example.com and id.example.com. Safari and Firefox send no cookies to frames of another site at all.',
        change:
          'Continue sessions with refresh tokens, not with silent sign-in in frames. Or give the server a host name on the site of the app (custom domain).',
      }),
    ]
  },
}
