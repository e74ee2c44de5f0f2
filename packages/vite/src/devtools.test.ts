import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build, createServer, type InlineConfig, type ViteDevServer } from 'vite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openDevPage } from './dev-page.fixture.js'
import { appConfig, emptyApp } from './dev-server.fixture.js'
import { devtoolsDependencies, devtoolsModule } from './devtools.js'
import type { LatchkeyOptions } from './latchkey-options.js'

const TAG = '@id/__x00__virtual:latchkey/devtools'

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
}

/** Vitest's own variable would switch the devtools off. */
async function serve(root: string, options: LatchkeyOptions, config: InlineConfig = {}): Promise<ViteDevServer> {
  vi.stubEnv('VITEST_WORKER_ID', '')
  const server = await createServer(appConfig(root, options, { mode: 'development', ...config }))
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
  return server
}

const htmlOf = (server: ViteDevServer): Promise<string> =>
  server.transformIndexHtml('/', '<html><head></head><body></body></html>')

/** The parts of the packages that the page loads, in the place of the real ones. */
const PACKAGES = {
  'node_modules/@latchkey/react/package.json': '{ "name": "@latchkey/react", "exports": { "./*": "./*.js" }, "type": "module" }',
  'node_modules/@latchkey/react/devtools/start.js': 'export const startDevtools = () => { globalThis.order = ["devtools"] }',
  'node_modules/react/index.js': 'export {}',
  'node_modules/react/package.json': '{ "name": "react", "main": "index.js", "type": "module" }',
  'node_modules/react-dom/client.js': 'export {}',
  'node_modules/react-dom/package.json': '{ "name": "react-dom", "type": "module" }',
}

describe('latchkey({ devtools: true })', () => {
  it('starts the devtools in the dev server before the modules of the app', async () => {
    const root = await emptyApp()
    await write(root, { ...PACKAGES, 'main.js': 'globalThis.order.push("app")' })
    const server = await serve(root, { devtools: true })
    const page = await openDevPage(server)
    await page.waitForFunction('globalThis.order?.length === 2')
    expect(await page.evaluate('globalThis.order')).toEqual(['devtools', 'app'])
  })

  it('adds one script below the base, and none without the option or in tests', async () => {
    const root = await emptyApp()
    expect(await htmlOf(await serve(root, { devtools: true }, { base: '/app/' }))).toContain(`src="/app/${TAG}"`)
    expect(await htmlOf(await serve(root, {}))).not.toContain(TAG)
    expect(await htmlOf(await serve(root, { devtools: false }))).not.toContain(TAG)
    expect(await htmlOf(await serve(root, { devtools: true }, { mode: 'test' }))).not.toContain(TAG)
  })

  it('leaves nothing in a build, also of an app that imports the module itself', async () => {
    const root = await emptyApp()
    await write(root, { 'main.js': "import 'virtual:latchkey/devtools'\nglobalThis.shown = 'the app'\n" })
    vi.stubEnv('VITEST_WORKER_ID', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    const result = JSON.stringify(await build(appConfig(root, { devtools: true }, { build: { write: false, minify: false } })))
    expect(result).toContain('the app')
    expect(result).not.toMatch(/devtools/i)
  })

  it('is empty on the server of the app, which has no page', async () => {
    const root = await emptyApp()
    await write(root, PACKAGES)
    const server = await serve(root, { devtools: true })
    expect(Object.keys(await server.ssrLoadModule('virtual:latchkey/devtools'))).toEqual([])
  })

  it('refuses another value than true or false', async () => {
    const root = await emptyApp()
    const invalid = { devtools: 'yes' } as unknown as LatchkeyOptions
    await expect(serve(root, invalid)).rejects.toThrow('"devtools" must be true or false. Received "yes".')
  })
})

describe('the module of the devtools', () => {
  it('names the packages that are missing', async () => {
    const without = (missing: string) => ({ resolve: async (name: string) => (name.startsWith(missing) ? null : { id: name }) })
    await expect(devtoolsModule(true, without('react'))).rejects.toThrow('npm install --save-dev react react-dom')
    await expect(devtoolsModule(true, without('@latchkey/'))).rejects.toThrow('"devtools" needs @latchkey/react, which')
    expect(await devtoolsModule(true, without('none'))).toContain('startDevtools()')
    expect(await devtoolsModule(false, without(''))).toBe('export {}\n')
  })

  it('is bundled in advance with the installed packages only', async () => {
    const root = await emptyApp()
    expect(devtoolsDependencies({ devtools: true }, { root })).toBeUndefined()
    await write(root, PACKAGES)
    // The file of the package need not be an export of it.
    await write(root, { 'node_modules/@latchkey/react/package.json': '{ "name": "@latchkey/react" }' })
    expect(devtoolsDependencies({ devtools: true }, { root })).toEqual({
      optimizeDeps: { include: ['@latchkey/react/devtools/start'] },
    })
    expect(devtoolsDependencies({ devtools: true }, { root, optimizeDeps: { exclude: ['@latchkey/react'] } })).toBeUndefined()
    expect(devtoolsDependencies({}, { root })).toBeUndefined()
  })
})
