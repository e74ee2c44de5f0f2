import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { Transport } from '../sign-in/transports/transport.js'
import {
  checkHost,
  type ExternalBrowser,
  externalBrowserTransport,
  type NativeTransportOptions,
  type StopListening,
} from './external-browser-transport.js'

interface ListenerHandle {
  remove(): Promise<void>
}

/** The parts of `@capacitor/app` and `@capacitor/browser` that the transport uses. */
export interface CapacitorPlugins {
  /** `App` of `@capacitor/app`. */
  readonly app: { addListener(event: 'appUrlOpen', listener: (event: { url: string }) => void): Promise<ListenerHandle> }
  /** `Browser` of `@capacitor/browser`. */
  readonly browser: {
    open(options: { url: string }): Promise<void>
    close(): Promise<void>
    addListener(event: 'browserFinished', listener: () => void): Promise<ListenerHandle>
  }
}

/**
 * Creates a transport for Capacitor (iOS, Android), which opens a tab of the system browser on top of the app. The redirect URI is
 * a link that opens the app: a claimed https link, or a private-use URI scheme in reverse domain name order. If the system ended
 * the app during the sign-in, the next launch receives the response: pass it to `client.handleCallback(url)`.
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
export function capacitorTransport(plugins: CapacitorPlugins, options: NativeTransportOptions = {}): Transport {
  const { app, browser }: Partial<CapacitorPlugins> = plugins ?? {}
  if (IS_DEVELOPMENT) checkHost('capacitorTransport()', options, { app, browser })
  requireKind('capacitorTransport()', 'object', options)
  const host: ExternalBrowser = {
    open: (url) => browser.open({ url }),
    onUrl: async (listener) => removerOf(await app.addListener('appUrlOpen', ({ url }) => void listener(url))),
    onClosed: async (listener) => removerOf(await browser.addListener('browserFinished', listener)),
    // Rejects on Android, which has no such call and closes the tab itself.
    close: () => browser.close(),
  }
  return externalBrowserTransport('capacitor', host, options)
}

function removerOf(handle: ListenerHandle): StopListening {
  return () => handle.remove()
}
