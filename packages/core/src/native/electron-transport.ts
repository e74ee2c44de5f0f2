import type { Transport } from '../sign-in/transports/transport.js'
import { externalBrowserTransport } from './external-browser-transport.js'

type OpenUrlListener = (event: { preventDefault(): void }, url: string) => void
type SecondInstanceListener = (event: object, argv: string[]) => void

/** The parts of Electron's main process that are used. */
export interface ElectronMain {
  readonly app: {
    on(event: 'open-url', listener: OpenUrlListener): unknown
    on(event: 'second-instance', listener: SecondInstanceListener): unknown
    off(event: 'open-url', listener: OpenUrlListener): unknown
    off(event: 'second-instance', listener: SecondInstanceListener): unknown
  }
  readonly shell: { openExternal(url: string): Promise<void> }
}

/**
 * For the main process of Electron, with a scheme of the app's own: the sign-in happens in the person's browser, where they may be
 * signed in already and no app can read along. macOS hands the answer to the running app; Windows and Linux start a second one,
 * which hands it on where the app holds the single-instance lock.
 *
 * The client lives in the main process: there it needs a `storage` that outlives the app if the session is to, and the tokens are out
 * of reach of what runs in the windows.
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
 * @see RFC 8252, section 7.1; `openLoopback` where no scheme can be registered
 */
export function electronTransport({ app, shell }: ElectronMain): Transport {
  return externalBrowserTransport('electron', {
    open: (url) => shell.openExternal(url),
    onUrl(listener) {
      const opened: OpenUrlListener = (event, url) => {
        if (listener(url)) event.preventDefault()
      }
      // The address is one of the arguments that the second instance was started with.
      const started: SecondInstanceListener = (_event, argv) => void argv.some((argument) => listener(argument))
      app.on('open-url', opened)
      app.on('second-instance', started)
      return () => {
        app.off('open-url', opened)
        app.off('second-instance', started)
      }
    },
  })
}
