import { execFile } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { build, createServer, type InlineConfig, preview, type ViteDevServer } from 'vite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { appConfig, emptyApp, signIn } from './dev-server.fixture.js'
import { latchkey } from './latchkey.js'
import type { LatchkeyOptions } from './latchkey-options.js'

const external = { issuer: 'https://id.example.com', clientId: 'spa' }

async function start(options: LatchkeyOptions = {}, config: InlineConfig = {}, root?: string): Promise<ViteDevServer> {
  const server = await createServer(appConfig(root ?? (await emptyApp()), options, config))
  onTestFinished(() => server.close())
  return server
}

const settingsOf = async (server: ViteDevServer): Promise<unknown> => (await server.ssrLoadModule('virtual:latchkey'))['default']

describe('virtual:latchkey', () => {
  it('has the settings of the configured address before the dev server listens', async () => {
    const server = await start({}, { base: '/app/', server: { port: 5199, host: '0.0.0.0', watch: null } })
    expect(await settingsOf(server)).toMatchObject({
      issuer: 'http://localhost:5199/app/oauth',
      resources: ['http://localhost:5199/'],
      redirectUri: 'http://localhost:5199/app/',
    })
  })

  it('has the address of the app’s own server in middleware mode, and signs users in there', async () => {
    const server = await start({}, { server: { middlewareMode: true, watch: null }, appType: 'custom' })
    const host = createHttpServer(server.middlewares)
    const origin = await listen(host)
    expect((await fetch(`${origin}/oauth/jwks`)).status).toBe(200)
    expect(await settingsOf(server)).toMatchObject({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })
    expect(await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })).toHaveProperty('id_token')
  })

  it.each([
    [
      {},
      {
        issuer: 'http://127.0.0.1:4173/app/oauth',
        resources: ['http://127.0.0.1:4173/'],
        redirectUri: 'http://127.0.0.1:4173/app/',
      },
    ],
    [{ production: external }, { ...external, resources: ['/'], redirectUri: '/app/' }],
    [
      { production: { ...external, redirectUri: 'callback', resources: ['api', 'https://api.example.com/'] } },
      { ...external, resources: ['/api', 'https://api.example.com/'], redirectUri: '/app/callback' },
    ],
    [{ production: { ...external, redirectUri: '/callback' } }, { ...external, redirectUri: '/callback' }],
    [
      { production: external, origin: 'https://shop.example.com' },
      { ...external, resources: ['https://shop.example.com/'], redirectUri: 'https://shop.example.com/app/' },
    ],
  ])('can be imported from a build for the server with the options %j', async (options, settings) => {
    const root = await emptyApp()
    await writeFile(join(root, 'entry-server.js'), "export { default } from 'virtual:latchkey'\n")
    await writeFile(join(root, 'package.json'), '{"type":"module"}')
    const config = { base: '/app/', preview: { host: '127.0.0.1', port: 4173 }, build: { ssr: 'entry-server.js' } }
    await build(appConfig(root, options, config))
    const { default: built } = (await import(pathToFileURL(join(root, 'dist', 'entry-server.js')).href)) as { default: unknown }
    expect(built).toMatchObject(settings)
  })

  it('can be imported in Vitest', async () => {
    const root = await emptyApp()
    const test = `import settings from 'virtual:latchkey'\nimport { expect, it } from 'vitest'
it('imports', () => { expect(new URL(settings.issuer).pathname).toBe('/oauth'); expect(URL.canParse(settings.redirectUri)).toBe(true) })\n`
    await writeFile(join(root, 'app.test.js'), test)
    const plugin = new URL('../dist/index.js', import.meta.url).href
    await writeFile(
      join(root, 'vite.config.mjs'),
      `import { latchkey } from '${plugin}'\nexport default { plugins: [latchkey()] }\n`,
    )
    const installed = dirname(dirname(createRequire(import.meta.url).resolve('vitest/package.json')))
    await symlink(installed, join(root, 'node_modules'))
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(installed, 'vitest', 'vitest.mjs'),
      'run',
      '--root',
      root,
    ])
    expect(stdout).toContain('1 passed')
  })

  it.each([
    ['./', '/'],
    ['https://cdn.example.com/app/', '/app/'],
  ])('leads to the embedded server of the preview, built with the base %j', async (base, path) => {
    const root = await emptyApp()
    const output = { entryFileNames: 'app.js', format: 'es' } as const
    const config = { base, build: { minify: false, rollupOptions: { output } } }
    await build(appConfig(root, {}, config))
    const server = await preview(appConfig(root, {}, { base }))
    onTestFinished(() => server.close())
    const { origin } = new URL(server.resolvedUrls?.local[0] ?? '')
    const settings = runApp(await readFile(join(root, 'dist', 'app.js'), 'utf8'), `${origin}${path}`)
    expect(settings).toMatchObject({ issuer: `${origin}${path}oauth`, redirectUri: `${origin}${path}` })
    expect(await signIn(settings)).toHaveProperty('id_token')
  })
})

describe('a relative "production.redirectUri"', () => {
  it.each([
    ['/app/', 'https://app.example.com/app/callback'],
    ['./', 'https://app.example.com/some/callback'],
    ['https://cdn.example.com/app/', 'https://app.example.com/callback'],
  ])('is below the app’s base URL, with the base %j', async (base, expected) => {
    const root = await emptyApp()
    const output = { entryFileNames: 'app.js', format: 'es' } as const
    const config = { base, build: { minify: false, rollupOptions: { output } } }
    await build(appConfig(root, { production: { ...external, redirectUri: 'callback' } }, config))
    const settings = runApp(await readFile(join(root, 'dist', 'app.js'), 'utf8'), 'https://app.example.com/some/page?x=1')
    expect(settings.redirectUri).toBe(expected)
  })
})

describe('latchkey() with a mistake', () => {
  it('does not start if it is in the plugins twice', async () => {
    const twice = appConfig(await emptyApp(), {}, { plugins: [latchkey({ path: '/other' })] })
    for (const run of [createServer, preview, build]) await expect(run(twice)).rejects.toThrow('latchkey() is in "plugins" twice')
  })

  it('leaves the scope of another server to that server', async () => {
    const root = await emptyApp()
    await writeFile(join(root, '.env'), 'VITE_LATCHKEY_ISSUER=https://id.example.com\nVITE_LATCHKEY_CLIENT_ID=spa\n')
    expect(await settingsOf(await start({ scope: 'calendar' }, {}, root))).toMatchObject({ scope: 'calendar' })
    await expect(start({ scope: 'calendar' })).rejects.toThrow('"server.scopes"')
  })

  it.each(['VITE_LATCHKEY_ISSUER=nope', 'VITE_LATCHKEY_ISSUER=https://a.example\nVITE_LATCHKEY_RESOURCES="/ http://["'])(
    'names a variable that is not a URL: %s',
    async (lines) => {
      const root = await emptyApp()
      await writeFile(join(root, '.env'), `${lines}\nVITE_LATCHKEY_CLIENT_ID=spa\n`)
      await expect(start({}, {}, root)).rejects.toThrow(/"VITE_LATCHKEY_(?:ISSUER|RESOURCES)" must be an http or https URL/)
    },
  )

  it.each([
    [{ users: [{ sub: 'ada' }, { sub: 'ada' }] }, 'same "sub"'],
    [{ clients: [{ clientId: 'app', tokenEndpointAuthMethod: 'basic' }] }, 'tokenEndpointAuthMethod'],
    [{ user: [] as const }, 'Did you mean "users"?'],
    [null, 'The options must be an object'],
    [{ path: null }, '"path" must be a string'],
  ])('does not start, and says %j', async (options: unknown, message) => {
    const config = async (): Promise<InlineConfig> => ({
      ...appConfig(await emptyApp()),
      plugins: [latchkey(options as LatchkeyOptions)],
    })
    for (const run of [createServer, preview, build]) await expect(run(await config())).rejects.toThrow(message)
  })

  it('reports a failure of the server in the terminal and in the response', async () => {
    const error = vi.fn()
    const { createLogger } = await import('vite')
    const customLogger = { ...createLogger('silent'), error }
    const broken = (): never => {
      throw new Error('The disk is full.')
    }
    const site = { authenticate: broken, renderAuthorizationPage: broken, userDeniedAccess: broken }
    const server = await start({ server: { site } }, { customLogger })
    await server.listen()
    const { origin } = new URL(server.resolvedUrls?.local[0] ?? '')
    const query = {
      response_type: 'code',
      client_id: 'app',
      redirect_uri: `${origin}/`,
      scope: 'openid',
      state: 's',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }
    const response = await fetch(`${origin}/oauth/authorize?${new URLSearchParams(query).toString()}`, { redirect: 'manual' })
    expect(response.status).toBeGreaterThanOrEqual(300)
    expect(error).toHaveBeenCalledWith(expect.stringContaining('The disk is full.'), expect.anything())
  })
})

async function listen(server: Server): Promise<string> {
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface AppSettings {
  readonly issuer: string
  readonly redirectUri: string
}

/** Runs the built app at an address, and returns what it assigned to `window.settings`. */
function runApp(code: string, address: string): AppSettings {
  const window: { readonly settings?: AppSettings } = {}
  const document = { baseURI: address, createElement: () => ({}), querySelectorAll: () => [] }
  class MutationObserver {
    observe(): void {}
  }
  runInNewContext(code, { location: new URL(address), document, window, MutationObserver, URL })
  if (!window.settings) throw new Error('The app has no settings.')
  return window.settings
}
