// Serves the built fixture app on an origin of its own, with the settings of the test written into the page.
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { builtApp } from './built-app.js'
import { listen } from './loopback.js'

/** What the fixture app reads from `window.settings`. */
export interface AppSettings {
  readonly issuer: string
  readonly clientId: string
  readonly scope?: string
  readonly api: string
  /** Where the API wants the token; default in the header. */
  readonly tokenPlacement?: 'header' | 'body' | 'query'
  /** Put into the query of every request to the API, by a compliance hook. */
  readonly site?: string
  /** Redirect URI of popups; default the app itself. */
  readonly popupRedirectUri?: string
  /** How a silent sign-in is tried. */
  readonly silent?: ReadonlyArray<'iframe' | 'redirect'>
  /** Two guarded apps with the same configuration on one page. */
  readonly hasTwoApps?: boolean
  /** The app has a schema for the user's claims. */
  readonly checksClaims?: boolean
}

export interface AppHost<Settings = AppSettings> {
  readonly origin: string
  configure(settings: Settings): void
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** @param folder the built app */
export async function startApp<Settings = AppSettings>(folder: string = builtApp): Promise<AppHost<Settings>> {
  const host = await listen()
  let settings: Settings | undefined
  host.serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const send = async (): Promise<void> => {
      const file = join(folder, pathname)
      const isFile =
        extname(pathname) !== '' &&
        (await stat(file).then(
          (found) => found.isFile(),
          () => false,
        ))
      const path = isFile ? file : join(folder, 'index.html')
      const headers = { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': 'no-cache' }
      if (extname(path) !== '.html') return void createReadStream(path).pipe(response.writeHead(200, headers))
      const page = await readFile(path, 'utf8')
      response
        .writeHead(200, headers)
        .end(page.replace('</head>', `<script>window.settings = ${JSON.stringify(settings)}</script></head>`))
    }
    void send().catch((error) => response.writeHead(500).end(String(error)))
  })
  return {
    // Another site than the servers' 127.0.0.1, not only another port: cookies are not shared.
    origin: `http://localhost:${host.port}`,
    configure: (next) => (settings = next),
    close: () => host.close(),
  }
}
