import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { Transport } from '../sign-in/transports/transport.js'
import {
  checkHost,
  type ExternalBrowser,
  externalBrowserTransport,
  type NativeTransportOptions,
} from './external-browser-transport.js'

type OpenUrlListener = (event: { preventDefault(): void }, url: string) => void
type SecondInstanceListener = (event: object, argv: string[]) => void

/** The parts of Electron's main process that the transport uses. */
export interface ElectronMain {
  /** `app` of `electron`. */
  readonly app: {
    on(event: 'open-url', listener: OpenUrlListener): unknown
    on(event: 'second-instance', listener: SecondInstanceListener): unknown
    off(event: 'open-url', listener: OpenUrlListener): unknown
    off(event: 'second-instance', listener: SecondInstanceListener): unknown
  }
  /** `shell` of `electron`. */
  readonly shell: { openExternal(url: string): Promise<void> }
}

/**
 * Creates a transport for Electron's main process and a redirect URI with a private-use URI scheme. The sign-in happens in the
 * user's browser, where a session may exist already and no app can read what is typed. macOS sends the response to the running app;
 * Windows and Linux start a second instance, which forwards it if the app holds the single-instance lock.
 *
 * Create the client in the main process, where code in the windows cannot read its tokens. To keep the session when the app quits,
 * pass a persistent `storage`.
 *
 * @example
 * app.setAsDefaultProtocolClient('com.example.app')
 * if (!app.requestSingleInstanceLock()) app.quit()
 * const client = createOAuthClient({
 *   issuer: 'https://id.example.com',
 *   clientId: 'desktop',
 *   redirectUri: 'com.example.app:/callback',
 *   transport: electronTransport({ app, shell }),
 * })
 * await client.login()
 * @see RFC 8252, section 7.1; `openLoopback` if the app cannot register a scheme
 */
export function electronTransport(main: ElectronMain, options: NativeTransportOptions = {}): Transport {
  const { app, shell } = main ?? {}
  if (IS_DEVELOPMENT) checkHost('electronTransport()', options, { app, shell })
  requireKind('electronTransport()', 'object', options)
  const host: ExternalBrowser = {
    open: (url) => shell.openExternal(url),
    onUrl(listener) {
      const opened: OpenUrlListener = (event, url) => {
        if (listener(url)) event.preventDefault()
      }
      // The URL is one of the arguments of the second instance.
      const started: SecondInstanceListener = (_event, argv) => void argv.some((argument) => listener(argument))
      app.on('open-url', opened)
      app.on('second-instance', started)
      return () => {
        app.off('open-url', opened)
        app.off('second-instance', started)
      }
    },
  }
  return externalBrowserTransport('electron', host, options)
}
