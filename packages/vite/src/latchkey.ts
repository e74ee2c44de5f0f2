import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { memoryStore } from '@latchkey/server'
import type { Connect, Plugin, PreviewServer, ResolvedConfig, ViteDevServer } from 'vite'
import { embeddedServers } from './embedded-server.js'
import { fileStore } from './file-store.js'
import type { LatchkeyOptions, LatchkeySettings } from './latchkey-options.js'
import { isMounted, type Mount, mountOf } from './mount.js'
import { embeddedServerModule, externalServerModule, externalServerSettings } from './settings-module.js'
import { DEFAULT_USERS } from './test-users.js'

const MODULE_ID = 'virtual:latchkey'
const RESOLVED_MODULE_ID = `\0${MODULE_ID}`

/**
 * Creates a Vite plugin that runs an authorization server inside the dev and preview servers, with test users who sign in with one
 * click. The app imports its settings from a module: `import settings from 'virtual:latchkey'`.
 *
 * @throws Error while Vite resolves its configuration, if a path or variable is invalid
 * @example
 * export default defineConfig({ plugins: [react(), latchkey()] })
 */
export function latchkey(options: LatchkeyOptions = {}): Plugin {
  let config: ResolvedConfig
  let mount: Mount
  let external: LatchkeySettings | undefined
  let devServer: ViteDevServer | undefined
  const mountOn = (server: ViteDevServer | PreviewServer): void => {
    server.middlewares.use(middleware(options, mount, config))
    printIssuer(server, { options, mount, external })
  }
  return {
    name: 'latchkey',
    configResolved(resolved) {
      config = resolved
      mount = mountOf(options, config.base)
      external = externalServerSettings({ options, env: config.env, isBuild: config.command === 'build' })
    },
    configureServer(server) {
      devServer = server
      mountOn(server)
    },
    configurePreviewServer: mountOn,
    resolveId: (id) => (id === MODULE_ID ? RESOLVED_MODULE_ID : undefined),
    load(id) {
      if (id !== RESOLVED_MODULE_ID) return undefined
      if (external) return externalServerModule(external)
      if (config.command === 'build') {
        this.warn(
          'This build signs in at its own origin, where only `vite preview` has an authorization server. ' +
            'To use a real one, set VITE_LATCHKEY_ISSUER and VITE_LATCHKEY_CLIENT_ID in .env.production, or the "production" option.',
        )
      }
      const listeningOrigin = devServer && originOf(devServer)
      return embeddedServerModule({ ...mount, origin: options.origin, listeningOrigin }, options)
    },
  }
}

function middleware(options: LatchkeyOptions, mount: Mount, config: ResolvedConfig): Connect.NextHandleFunction {
  const onWriteFailed = (): void =>
    config.logger.warn('[latchkey] Sessions cannot be saved to disk. A restart will sign all users out.', { timestamp: true })
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

interface IssuerLine {
  readonly options: LatchkeyOptions
  readonly mount: Mount
  readonly external: LatchkeySettings | undefined
}

/** Adds the issuer to the addresses that Vite prints. */
function printIssuer(server: ViteDevServer | PreviewServer, { options, mount, external }: IssuerLine): void {
  const printUrls = server.printUrls.bind(server)
  server.printUrls = () => {
    printUrls()
    const origin = options.origin ?? originOf(server)
    const users = (options.users ?? DEFAULT_USERS)
      .map(({ sub, username = sub, claims }) => (typeof claims?.['name'] === 'string' ? claims['name'] : username))
      .join(', ')
    const text = external ? `${external.issuer} (from your settings)` : `${origin ?? ''}${mount.path} (test users: ${users})`
    server.config.logger.info(`  ➜  Sign-in: ${text}`)
  }
}

/** Returns the origin of the first address that Vite prints. */
function originOf({ resolvedUrls }: ViteDevServer | PreviewServer): string | undefined {
  const url = resolvedUrls?.local[0] ?? resolvedUrls?.network[0]
  return url && new URL(url).origin
}
