import { type Check, findingsOf } from '../examination.js'

/** Whether the server's pages separate a popup from the window that opened it. */
export const checkOpenerPolicy: Check = {
  name: 'Cross-Origin-Opener-Policy of the sign-in pages',
  async run(examination) {
    const { serverPages, setup, probes } = examination
    if (!serverPages || probes.page) return { skipped: 'the headers of the sign-in pages are not known' }
    const header = 'cross-origin-opener-policy'
    const page = serverPages.find(({ headers }) => headers.get(header)?.startsWith('same-origin'))
    if (!page) return []
    return [
      findingsOf(examination)('opener_policy', {
        severity: setup.transport === 'popup' ? 'warning' : 'note',
        seen: `${new URL(page.url).origin} sends Cross-Origin-Opener-Policy: ${page.headers.get(header)}.`,
        expected: 'unsafe-none, for code that uses window.opener or reads popup.closed.',
        change:
          'Nothing for the popup of Latchkey, which receives the response by BroadcastChannel: it only notices late that a user closed the popup. Other code must not use window.opener.',
      }),
    ]
  },
}
