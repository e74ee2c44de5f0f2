import { join, resolve } from 'node:path'
import type { Plugin, PreviewServer, ResolvedConfig, ViteDevServer } from 'vite'
import { checkOptions, checkScope } from './check-options.js'
import { checkClientDocument, documentAsset, documentUrlSource } from './client-document.js'
import { checkShape } from './check-shape.js'
import { devtoolsDependencies, devtoolsModule, devtoolsTag, isDevtoolsModule, showsDevtools } from './devtools.js'
import { hardenBuild } from './hardening/harden-build.js'
import { type CallbackHardening, hardenCallback } from './hardening/harden-callback.js'
import { type Hardening, resolveHardening } from './hardening/hardening-options.js'
import { hideKeysInMessages } from './hide-keys.js'
import { closeFormerClients } from './hot-clients.js'
import { findStylesheetProblem, keyGuards, NOT_SERVED } from './key-guards.js'
import { STYLESHEET } from './linked-files.js'
import type { LatchkeyOptions, LatchkeySettings } from './latchkey-options.js'
import { createMiddleware, runAfterHostCheck } from './middleware.js'
import { type Mount, mountOf } from './mount.js'
import { privateFiles, type PrivateFiles } from './private-files.js'
import { embeddedServerModule, externalServerModule, externalServerSettings, offlineAccessWarning } from './settings-module.js'
import { checkPersist } from './served-folders.js'
import { stateFolder, type StateFolder } from './state-folder.js'
import { DEFAULT_USERS } from './test-users.js'

const NAME = 'latchkey'
const MODULE_ID = 'virtual:latchkey'
const RESOLVED_MODULE_ID = `\0${MODULE_ID}`
/** Our modules, and the one that a hardened callback page imports. */
const VIRTUAL_MODULE = /^(?:virtual:latchkey(?:\/(?:devtools|page))?|@latchkey\/core\/callback)$/

/** Virtual modules of others have no file. */
const OTHER_VIRTUAL_MODULES = /^\0(?!virtual:latchkey(?:\/(?:devtools|page|relay))?$)/
const SCRIPT = /^[^?]*\.[cm]?[jt]sx?(?:\?|$)/
const BUILD_WARNING =
  'This build signs in at its own origin, where only `vite preview` has an authorization server. ' +
  'To use a real one, set VITE_LATCHKEY_ISSUER and VITE_LATCHKEY_CLIENT_ID in .env.production, or the "production" option.'

/** What follows from the options and Vite's configuration. */
interface Setup {
  readonly config: ResolvedConfig
  readonly mount: Mount
  readonly external: LatchkeySettings | undefined
  readonly folder: StateFolder
  readonly files: PrivateFiles
  readonly hardening: Hardening
}

/**
 * Creates a Vite plugin that runs an authorization server inside the dev and preview servers, with test users who sign in with one
 * click. The app imports its settings from a module: `import settings from 'virtual:latchkey'`.
 *
 * @throws Error while Vite resolves its configuration, if an option, a client, a user or a variable is invalid
 * @example
 * export default defineConfig({ plugins: [react(), latchkey()] })
 */
export function latchkey(options: LatchkeyOptions = {}): Plugin {
  let setup: Setup
  let devServer: ViteDevServer | undefined
  const callback = hardenCallback(() => setup)
  // In middleware mode Vite does not know the address that it is served at. The requests do.
  let requestedOrigin: string | undefined
  const onOrigin = (origin: string): void => void (requestedOrigin ??= origin)
  const mountOn = (server: ViteDevServer | PreviewServer): (() => void) => {
    const handle = createMiddleware({ ...setup, options, onOrigin })
    server.middlewares.use(handle)
    printIssuer(server, { ...setup, options })
    return () => runAfterHostCheck(server.middlewares, handle)
  }
  const listeningOrigin = (): string => (devServer && originOf(devServer)) ?? requestedOrigin ?? configuredOrigin(setup.config)
  return {
    name: NAME,
    // Before Vite reads a file: no query such as `?raw` may turn a private file into a module.
    enforce: 'pre',
    config: (config, { command }) => (command === 'serve' ? devtoolsDependencies(options, config) : undefined),
    configResolved(config) {
      setup = setUp(options, config)
    },
    configureServer(server) {
      devServer = server
      hideKeysInMessages(server, setup.folder)
      return mountOn(server)
    },
    configurePreviewServer: mountOn,
    ...keyGuards(() => setup),
    ...moduleHooks(() => setup, options, { listeningOrigin, callback }),
    transformIndexHtml: {
      // After all others, so that the first script of the page is ours.
      order: 'post',
      handler: () => [...callback.tags(), ...(showsDevtools(options, setup.config) ? [devtoolsTag(setup.config)] : [])],
    },
    renderStart: documentAsset(options, () => setup.config.build.ssr !== false),
    writeBundle: { order: 'post', handler: hardenBuild(() => setup, options) },
  }
}

interface HookTools {
  readonly listeningOrigin: () => string
  readonly callback: CallbackHardening
}

/** The hooks that concern modules. Older versions of Vite know no filters, so that each handler checks what it gets. */
function moduleHooks(
  setup: () => Setup,
  options: LatchkeyOptions,
  { listeningOrigin, callback }: HookTools,
): Pick<Plugin, 'resolveId' | 'load' | 'transform'> {
  return {
    resolveId: {
      filter: { id: VIRTUAL_MODULE },
      handler(id, importer) {
        if (!VIRTUAL_MODULE.test(id)) return undefined
        return id.startsWith('virtual:') ? `\0${id}` : callback.resolveRelay(this, id, importer)
      },
    },
    load: {
      filter: { id: { exclude: OTHER_VIRTUAL_MODULES } },
      handler(id, given) {
        if (id === RESOLVED_MODULE_ID)
          return callback.settings(settingsModule(setup(), options, { listeningOrigin, context: this }))
        if (isDevtoolsModule(id.slice(1))) return devtoolsModule(!given?.ssr && showsDevtools(options, setup().config), this)
        const code = callback.load(id)
        if (code !== undefined) return code
        return setup().files.hasModule(id) ? this.error(`This file ${NOT_SERVED}`) : undefined
      },
    },
    transform: {
      filter: { id: [SCRIPT, STYLESHEET] },
      async handler(code, id, given) {
        const file = id.split('?', 1)[0] ?? ''
        const problem = await findStylesheetProblem(code, id, { ...setup(), context: this })
        if (problem !== undefined) this.error(problem)
        const isOfApp = SCRIPT.test(id) && !id.includes('/node_modules/')
        const isHot = isOfApp && !given?.ssr && setup().config.command === 'serve'
        return isHot ? closeFormerClients(code, file) : undefined
      },
    },
  }
}

interface ModuleTools {
  readonly listeningOrigin: () => string
  readonly context: { readonly warn: (text: string) => void }
}

function settingsModule(
  { config, external, mount: { path, base: appPath, clientDocument: clientDocumentPath } }: Setup,
  options: LatchkeyOptions,
  { listeningOrigin, context }: ModuleTools,
): string {
  const address = { base: config.base, origin: options.origin }
  const isBuild = config.command === 'build'
  const documentUrl = documentUrlSource(clientDocumentPath, options.clientMetadata, isBuild)
  if (external) {
    const warning = offlineAccessWarning(external)
    if (warning) context.warn(warning)
    return externalServerModule(external, address) + documentUrl
  }
  if (isBuild) context.warn(BUILD_WARNING)
  return embeddedServerModule({ ...address, path, appPath, listeningOrigin: listeningOrigin() }, options) + documentUrl
}

function setUp(options: LatchkeyOptions, config: ResolvedConfig): Setup {
  const { root, publicDir, cacheDir, base, command, env } = config
  checkShape(options)
  if (config.plugins.filter(({ name }) => name === NAME).length > 1)
    throw new Error('[latchkey] latchkey() is in "plugins" twice. Remove one, and put the options of both into the other.')
  const folder = stateFolder(root, options.persist)
  if (typeof options.persist === 'string') checkPersist(options.persist, folder, config)
  checkClientDocument(options.clientMetadata, command === 'build')
  const mount = mountOf(options, base)
  checkOptions(options, mount)
  const external = externalServerSettings({ options, env, isBuild: command === 'build' })
  if (!external) checkScope(options)
  return {
    config,
    mount,
    external,
    hardening: resolveHardening(options.hardening),
    folder,
    // Earlier versions saved their keys in the cache folder.
    files: privateFiles([folder.isPrivate, join(cacheDir, 'latchkey')], {
      base,
      roots: [root, publicDir, resolve(root, config.build.outDir)],
    }),
  }
}

type IssuerLine = Pick<Setup, 'mount' | 'external'> & { readonly options: LatchkeyOptions }

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
    if (!external && !options.server?.site && server.resolvedUrls?.network.length) {
      server.config.logger.warn(
        '  ➜  Everyone in your network can sign in as a test user, because Vite listens beyond this machine.',
      )
    }
  }
}

/** Returns the origin of the first address that Vite prints. */
function originOf({ resolvedUrls }: ViteDevServer | PreviewServer): string | undefined {
  const url = resolvedUrls?.local[0] ?? resolvedUrls?.network[0]
  return url && new URL(url).origin
}

/** The address that the configuration leads to: of the preview for a build, whose embedded server is there only. */
function configuredOrigin({ command, preview, server }: ResolvedConfig): string {
  const { host, https, port } = command === 'build' ? preview : server
  const name = typeof host === 'string' && !['0.0.0.0', '::'].includes(host) ? host : 'localhost'
  return `${https ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}
