import type { Transport } from '../sign-in/transports/transport.js'
import { externalBrowserTransport, type StopListening } from './external-browser-transport.js'

interface ListenerHandle {
  remove(): Promise<void>
}

/** The parts of `@capacitor/app` and `@capacitor/browser` that are used. */
export interface CapacitorPlugins {
  readonly app: { addListener(event: 'appUrlOpen', listener: (event: { url: string }) => void): Promise<ListenerHandle> }
  readonly browser: {
    open(options: { url: string }): Promise<void>
    close(): Promise<void>
    addListener(event: 'browserFinished', listener: () => void): Promise<ListenerHandle>
  }
}

/**
 * For Capacitor (iOS, Android): a tab of the system's browser on top of the app. The redirect URI is a link that opens the app: an
 * https link that the app has claimed, else a scheme of its own in reverse domain order. Where the system ended the app while the
 * person signed in, the answer comes with the next start: give it to `client.handleCallback(url)`.
 *
 * @example
 * const client = createOAuthClient({
 *   issuer: 'https://id.example.com',
 *   clientId: 'app',
 *   redirectUri: 'com.example.app:/callback',
 *   transport: capacitorTransport({ app: App, browser: Browser }),
 * })
 * const launch = await App.getLaunchUrl()
 * if (launch && client.isCallback(launch.url)) await client.handleCallback(launch.url)
 * @see RFC 8252, sections 7.1 and 7.2
 */
export function capacitorTransport({ app, browser }: CapacitorPlugins): Transport {
  return externalBrowserTransport('capacitor', {
    open: (url) => browser.open({ url }),
    onUrl: async (listener) => stopping(await app.addListener('appUrlOpen', ({ url }) => void listener(url))),
    onClosed: async (listener) => stopping(await browser.addListener('browserFinished', listener)),
    // Android closes the tab by itself and has no such call.
    close: () => browser.close(),
  })
}

function stopping(handle: ListenerHandle): StopListening {
  return () => handle.remove()
}
