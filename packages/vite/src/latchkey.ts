import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { memoryStore } from '@latchkey/server'
import type { Connect, Plugin, PreviewServer, ResolvedConfig, ViteDevServer } from 'vite'
import { embeddedServers } from './embedded-server.js'
import { fileStore } from './file-store.js'
import type { LatchkeyOptions, LatchkeySettings } from './latchkey-options.js'
import { isMounted, type Mount, mountOf } from './mount.js'
import { bakedModule, embeddedModule, outsideSettings } from './settings-module.js'
import { defaultUsers } from './test-users.js'

const moduleId = 'virtual:latchkey'
const resolvedModuleId = `\0${moduleId}`

/**
 * A whole authorization server inside Vite's dev and preview servers, with test users who sign in by one click, and the settings
 * to reach it as a module: `import settings from 'virtual:latchkey'`.
 *
 * @throws Error while Vite reads its configuration, for paths and variables that make no sense
 * @example
 * export default defineConfig({ plugins: [react(), latchkey()] })
 */
export function latchkey(options: LatchkeyOptions = {}): Plugin {
  let config: ResolvedConfig
  let mount: Mount
  let outside: LatchkeySettings | undefined
  let devServer: ViteDevServer | undefined
  const mountOn = (server: ViteDevServer | PreviewServer): void => {
    server.middlewares.use(middleware(options, mount, config))
    announce(server, { options, mount, outside })
  }
  return {
    name: 'latchkey',
    configResolved(resolved) {
      config = resolved
      mount = mountOf(options, config.base)
      outside = outsideSettings({ options, env: config.env, isBuild: config.command === 'build' })
    },
    configureServer(server) {
      devServer = server
      mountOn(server)
    },
    configurePreviewServer: mountOn,
    resolveId: (id) => (id === moduleId ? resolvedModuleId : undefined),
    load(id) {
      if (id !== resolvedModuleId) return undefined
      if (outside) return bakedModule(outside)
      if (config.command === 'build') {
        this.warn(
          'this build signs in at its own origin, where only `vite preview` has an authorization server. ' +
            'For a real one set VITE_LATCHKEY_ISSUER and VITE_LATCHKEY_CLIENT_ID in .env.production, or the "production" option.',
        )
      }
      return embeddedModule({ ...mount, origin: options.origin, listeningOrigin: devServer && originOf(devServer) }, options)
    },
  }
}

function middleware(options: LatchkeyOptions, mount: Mount, config: ResolvedConfig): Connect.NextHandleFunction {
  const onWriteFailed = (): void =>
    config.logger.warn('[latchkey] sessions cannot be kept on disk: a restart will sign everybody out', { timestamp: true })
  const file = join(config.cacheDir, 'latchkey', 'state.json')
  const store = options.persist === false ? memoryStore() : fileStore(file, { onWriteFailed })
  const servers = embeddedServers(options, mount, store)
  const listener = getRequestListener((request) => servers.fetch(request), { overrideGlobalObjects: false })
  return (request, response, next) => {
    const [pathname] = (request.url ?? '').split('?', 1)
    if (pathname !== undefined && isMounted(mount, pathname)) void listener(request, response)
    else next()
  }
}

interface Announcement {
  readonly options: LatchkeyOptions
  readonly mount: Mount
  readonly outside: LatchkeySettings | undefined
}

/** Adds the issuer to the addresses that Vite prints. */
function announce(server: ViteDevServer | PreviewServer, { options, mount, outside }: Announcement): void {
  const printUrls = server.printUrls.bind(server)
  server.printUrls = () => {
    printUrls()
    const origin = options.origin ?? originOf(server)
    const users = (options.users ?? defaultUsers)
      .map(({ sub, username = sub, claims }) => (typeof claims?.['name'] === 'string' ? claims['name'] : username))
      .join(', ')
    const text = outside ? `${outside.issuer} (from your settings)` : `${origin ?? ''}${mount.path} (test users: ${users})`
    server.config.logger.info(`  ➜  Sign-in: ${text}`)
  }
}

/** The first address that Vite prints for this machine. */
function originOf({ resolvedUrls }: ViteDevServer | PreviewServer): string | undefined {
  const url = resolvedUrls?.local[0] ?? resolvedUrls?.network[0]
  return url && new URL(url).origin
}
