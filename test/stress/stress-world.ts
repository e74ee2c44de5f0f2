import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { startApp, type AppHost } from '../harness/app-host.js'
import { startEmbeddedServer, type EmbeddedServer } from '../harness/embedded-server.js'

/** What the page reads from `window.settings`. */
export interface StressSettings {
  readonly issuer: string
  readonly clientId: string
  /** Refreshes through a shared worker. */
  readonly isInWorker: boolean
  /** How often the page gets an access token; undefined: never by itself. */
  readonly everyMs?: number | undefined
  /** How long the main thread is busy, twice, right after the start. */
  readonly busyMs?: number | undefined
}

export interface StressWorld {
  readonly app: AppHost<StressSettings>
  readonly server: EmbeddedServer
  /** How often each event of the server was emitted. */
  readonly events: Map<string, number>
  configure(settings: Partial<StressSettings>): void
  close(): Promise<void>
}

const folder = fileURLToPath(new URL('../../test-results/stress-app', import.meta.url))

/** @param grace seconds in which the server accepts an identical refresh request again */
export async function createStressWorld(grace: number): Promise<StressWorld> {
  const root = fileURLToPath(new URL('app/', import.meta.url))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
    worker: { format: 'es' },
  })
  const app = await startApp<StressSettings>(folder)
  const events = new Map<string, number>()
  const server = await startEmbeddedServer(
    { origin: app.origin, redirectUris: [`${app.origin}/`], postLogoutRedirectUris: [`${app.origin}/`] },
    {
      refresh: { grace },
      options: { hooks: { onEvent: ({ type }) => void events.set(type, (events.get(type) ?? 0) + 1) } },
    },
  )
  const usual: StressSettings = { issuer: server.issuer, clientId: server.clientId, isInWorker: false }
  app.configure(usual)
  return {
    app,
    server,
    events,
    configure: (settings) => app.configure({ ...usual, ...settings }),
    close: async () => void (await Promise.all([app.close(), server.close()])),
  }
}
