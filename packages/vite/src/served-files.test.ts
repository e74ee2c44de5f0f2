import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { basename, dirname, join, relative } from 'node:path'
import * as vite8 from 'vite'
import * as vite6 from 'vite-6'
import * as vite7 from 'vite-7'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { appConfig, emptyApp, signIn, stateHome, statusFor } from './dev-server.fixture.js'
import type { LatchkeyOptions } from './latchkey-options.js'

const versions = { 'Vite 8': vite8, 'Vite 7': vite7 as unknown as typeof vite8, 'Vite 6': vite6 as unknown as typeof vite8 }
/** The gate tests all of it here, and the spellings of URLs, which each major reads in its own way, in each. `npm run more:vite`: all in each. */
const NEWEST = 'Vite 8'
const KEY = 'keys'
/** A member that only private keys have. */
const PRIVATE = '"d":'

/** Returns the file with the state of the project, wherever it is. */
async function stateFile(root: string): Promise<string> {
  for (const folder of [root, stateHome]) {
    const names = await readdir(folder, { recursive: true })
    const found = names.find((name) => basename(name) === 'state.json' && join(folder, name).includes(basename(root)))
    if (found) return join(folder, found)
  }
  throw new Error('The state was not saved.')
}

/** Spellings of a file's URL, as Vite and its static file server understand them. */
function urlsOf(file: string, root: string, base = '/'): readonly string[] {
  const inRoot = `${base}${relative(root, file)}`
  const byFs = [`${base}@fs${file}`, `${base}@fs/${file}`, `${base}@id${file}`, `${base}%40fs${file}`]
  const encoded = byFs.flatMap((url) => [
    url.replace('state.json', 'state%2Ejson'),
    url.replaceAll('latchkey', `%6C${'latchkey'.slice(1)}`),
  ])
  const paths = [inRoot, `${base}./${relative(root, file)}`, ...byFs, ...encoded]
  return paths.flatMap((path) => ['', '?raw', '?import', '?import&raw', '?url&raw', '?inline', '#a'].map((query) => path + query))
}

interface Listening {
  readonly origin: string
  readonly root: string
}

/** Connects as a page of the dev server does. @returns the first message about an error */
function firstError(port: number, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const headers = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: vite-hmr']
    const key = `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`
    socket.write([`GET /?token=${token} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, key, '', ''].join('\r\n'))
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      if (/"type":"error".*\}\}/s.test(text)) socket.destroy()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

describe.each(Object.entries(versions))('files of latchkey() in %s', (name, vite) => {
  async function dev(options: LatchkeyOptions = {}, config: vite8.InlineConfig = {}, given?: string): Promise<Listening> {
    const root = given ?? (await emptyApp())
    const { server: own, ...more } = config
    const defaults = appConfig(root, options)
    const server = await vite.createServer({ ...appConfig(root, options, more), server: { ...defaults.server, ...own } })
    onTestFinished(() => server.close())
    await server.listen()
    return { root, origin: new URL(server.resolvedUrls?.local[0] ?? '').origin }
  }

  async function expectNoKeys({ origin, root }: Listening, base = '/'): Promise<void> {
    await signIn({ issuer: `${origin}${base}oauth`, redirectUri: `${origin}${base}` })
    const file = await stateFile(root)
    expect(await readFile(file, 'utf8')).toContain(PRIVATE)
    for (const url of urlsOf(file, root, base)) {
      const response = await fetch(origin + url, { headers: { accept: '*/*' } })
      expect(await response.text(), url).not.toContain(PRIVATE)
      if (file.startsWith(root) || url.includes('@fs')) expect([url, response.status]).toEqual([url, 403])
    }
  }

  /** A project with a saved key, and a link to its folder. */
  async function linked(): Promise<{ readonly root: string; readonly persist: string }> {
    const [root, persist] = [await emptyApp(), await mkdtemp(join(stateHome, 'linked-'))]
    const key = 'private-member-of-a-key-0123456789-abcdefg'
    await writeFile(join(persist, 'state.json'), JSON.stringify({ [KEY]: { d: key }, more: 'x'.repeat(5000) }))
    await symlink(persist, join(root, 'link'))
    return { root, persist }
  }
  const expectNoKeysIn = async (folder: string): Promise<void> => {
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(await readFile(join(file.parentPath, file.name), 'utf8'), file.name).not.toContain(PRIVATE)
  }

  it.each([
    "@import './link/state.json';",
    '@import url(/link/state.json);',
    "@import '/b.css';",
    "@import 'named';",
    "@import './l\\69nk/state.json';",
    '@IMPORT URL(./link/state.json);',
  ])('quotes no key in the error page of a stylesheet: %s', async (content) => {
    const { root, persist } = await linked()
    await writeFile(join(root, 'a.css'), content)
    await writeFile(join(root, 'b.css'), "@import '~/state.json';")
    await symlink(join(persist, 'state.json'), join(root, 'named.css'))
    const alias = { '~': join(root, 'link') }
    const { origin } = await dev({ persist }, { resolve: { alias } }, root)
    for (const query of ['', '?direct', '?inline', '?import']) {
      const response = await fetch(`${origin}/a.css${query}`, { headers: { accept: 'text/css' } })
      const text = await response.text()
      expect(response.status, query).toBe(500)
      expect(text, query).toContain('not served')
      expect(text, query).not.toContain(PRIVATE)
    }
  })

  it('leaves stylesheets with packages and fonts alone', async () => {
    const root = await emptyApp()
    const folder = join(root, 'node_modules', 'pkg')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"name":"pkg","style":"x.css"}')
    await writeFile(join(folder, 'x.css'), '@import "./y.css";')
    await writeFile(join(folder, 'y.css'), 'b { color: red }')
    await writeFile(join(root, 'a.css'), '@import "pkg"; a { font: 1em "pkg", "Georgia"; content: "\\201C./no-such.css" }')
    const { origin } = await dev({}, {}, root)
    const response = await fetch(`${origin}/a.css?direct`, { headers: { accept: 'text/css' } })
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('color: red')])
  })

  it('quotes no key in the error page, whatever has led to the file', async () => {
    const { root, persist } = await linked()
    const content = await readFile(join(persist, 'state.json'), 'utf8')
    const plugin = { name: 'reader', transform: () => Promise.reject(new Error(`cannot read: ${content}`)) }
    const { origin } = await dev({ persist }, { plugins: [plugin] }, root)
    const response = await fetch(`${origin}/main.js`)
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('not served')])
  })

  it('sends no key over the websocket, whatever has led to the file', async () => {
    const { root, persist } = await linked()
    const content = await readFile(join(persist, 'state.json'), 'utf8')
    const plugin = { name: 'reader', transform: () => Promise.reject(new Error(`cannot read: ${content}`)) }
    const server = await vite.createServer(appConfig(root, { persist }, { plugins: [plugin] }))
    onTestFinished(() => server.close())
    await server.listen()
    const { origin, port } = new URL(server.resolvedUrls?.local[0] ?? '')
    const { webSocketToken } = server.config
    await fetch(`${origin}/main.js`)
    // Vite sends the last error to a page that connects.
    const message = await firstError(Number(port), webSocketToken)
    expect(message).toContain('not served')
    expect(message).not.toContain('private-member')
  })

  it.each(['linked.js', 'linked.js.map', 'inline.ts', 'style.css?direct', 'node_modules/pkg/i.js'])(
    'puts no key into a source map: %s',
    async (path) => {
      const { root, persist } = await linked()
      const map = JSON.stringify({ version: 3, sources: [join(persist, 'state.json')], names: [], mappings: 'AAAA' })
      const data = `data:application/json;base64,${Buffer.from(map).toString('base64')}`
      await mkdir(join(root, 'node_modules', 'pkg'), { recursive: true })
      for (const file of ['linked.js', 'node_modules/pkg/i.js']) {
        await writeFile(join(root, file), `export const a = 1\n//# sourceMappingURL=${basename(file)}.map\n`)
        await writeFile(join(root, `${file}.map`), map)
      }
      await writeFile(join(root, 'inline.ts'), `export const a: number = 1\n//# sourceMappingURL=${data}\n`)
      await writeFile(join(root, 'style.css'), 'a { color: red }\n/*# sourceMappingURL=linked.js.map */\n')
      const { origin } = await dev({ persist }, {}, root)
      await fetch(`${origin}/linked.js`)
      const response = await fetch(`${origin}/${path}`, { headers: { accept: '*/*' } })
      const text = await response.text()
      const maps = [...text.matchAll(/;base64,([\w+/=]+)/g)].map(([, encoded = '']) => Buffer.from(encoded, 'base64').toString())
      for (const one of [text, ...maps]) expect(one).not.toContain('private-member')
      expect((await fetch(`${origin}/main.js`)).status).toBe(200)
    },
  )

  it('lets no other origin read the pages of the server, in development and in the preview', async () => {
    const root = await emptyApp()
    const options = { api: '/api' }
    const cors = { origin: true, credentials: true }
    const { origin: own } = await dev(options, { server: { cors } }, root)
    const preview = await vite.preview({ ...appConfig(root, options), preview: { ...appConfig(root).preview, cors } })
    onTestFinished(() => preview.close())
    for (const origin of [own, new URL(preview.resolvedUrls?.local[0] ?? '').origin]) {
      const corsOf = async (path: string, method = 'GET'): Promise<readonly string[]> => {
        const { headers } = await fetch(origin + path, { method, headers: { origin: 'http://127.0.0.1:9999' } })
        return [...headers.keys()].filter((header) => header.startsWith('access-control-'))
      }
      for (const path of ['/authorize?client_id=app', '/end-session', '/nothing', ''])
        expect(await corsOf(`/oauth${path}`), path).toEqual([])
      expect(await corsOf('/oauth/authorize', 'POST')).toEqual([])
      const ofServer = ['access-control-allow-origin', 'access-control-expose-headers']
      expect(await corsOf('/oauth/jwks')).toEqual(ofServer)
      expect(await corsOf('/oauth/token', 'POST')).toEqual(ofServer)
      expect(await corsOf('/.well-known/openid-configuration/oauth')).toEqual(ofServer)
      expect(await corsOf('/api/me')).toContain('access-control-allow-origin')
      expect(await corsOf('/')).toContain('access-control-allow-origin')
    }
  })

  it('serves no private key below a base, by no spelling of the URL', async () => {
    await expectNoKeys(await dev({ persist: true }, { base: '/app/', server: { fs: { strict: false } } }), '/app/')
  })

  if (name !== NEWEST && import.meta.env.MODE !== 'all') return

  it.each(['folder', 'file', 'nested', 'above'])('builds no copy of a link in public/ to the keys: %s', async (kind) => {
    const { root, persist } = await linked()
    await mkdir(join(root, 'public', 'deep'), { recursive: true })
    const elsewhere = await mkdtemp(join(stateHome, 'elsewhere-'))
    await symlink(persist, join(elsewhere, 'inner'))
    const links: Readonly<Record<string, readonly [string, string]>> = {
      folder: ['pd', persist],
      file: ['deep/link.json', join(persist, 'state.json')],
      nested: ['deep/pd', elsewhere],
      above: ['pd', dirname(persist)],
    }
    const [from, to] = links[kind] ?? ['', '']
    await symlink(to, join(root, 'public', from))
    await expect(vite.build(appConfig(root, { persist }))).rejects.toThrow('holds keys and tokens')
    await expect(access(join(root, 'dist'))).rejects.toThrow('ENOENT')
    await rm(join(root, 'public', from))
    await writeFile(join(elsewhere, 'a.txt'), 'a')
    await rm(join(elsewhere, 'inner'))
    await symlink(elsewhere, join(root, 'public', 'harmless'))
    await symlink(root, join(root, 'public', 'harmless', 'round'))
    await rm(join(elsewhere, 'round'))
    await vite.build(appConfig(root, { persist }))
    expect(await readFile(join(root, 'dist', 'harmless', 'a.txt'), 'utf8')).toBe('a')
  })

  it.each([
    ['main.js', "console.log(new URL('./link/state.json', import.meta.url).href)"],
    ['main.js', "import state from './link/state.json?inline'\nconsole.log(state)"],
    ['main.js', "new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })"],
    [
      'index.html',
      '<!doctype html><title>a</title><link rel="icon" href="./link/state.json"><script type="module" src="/main.js"></script>',
    ],
    ['a.css', "a { background: url('./link/state.json') }"],
    ['a.css', '@import url(./b.css);'],
    ['a.css', "@import './link/state.json';"],
  ])('builds no file with the keys, by %s: %s', async (file, content) => {
    const { root, persist } = await linked()
    await writeFile(join(root, 'main.js'), "import './a.css'\nconsole.log(1)")
    await writeFile(join(root, 'a.css'), '')
    await writeFile(join(root, 'b.css'), "@import './link/state.json';")
    await writeFile(join(root, 'worker.js'), "import state from './link/state.json'\nconsole.log(state)")
    await writeFile(join(root, file), content)
    const built = await vite.build(appConfig(root, { persist })).catch((error: unknown) => String(error))
    expect(built).toMatch(/keys and tokens|private keys/)
    await access(join(root, 'dist')).then(
      () => expectNoKeysIn(join(root, 'dist')),
      () => undefined,
    )
  })

  it('serves no private key in development, by no spelling of the URL', async () => {
    await expectNoKeys(await dev({ persist: true }, { server: { fs: { strict: false } } }))
  })

  it('refuses a request for an unknown host (DNS rebinding), in development and in the preview', async () => {
    const { origin, root } = await dev()
    expect(await statusFor(new URL('/oauth/jwks', origin), { host: 'evil.example' })).toBe(403)
    const server = await vite.preview(appConfig(root))
    onTestFinished(() => server.close())
    expect(await statusFor(new URL('/oauth/jwks', server.resolvedUrls?.local[0]), { host: 'evil.example' })).toBe(403)
  })

  it('serves no keys of a project at the dev server of another one in the workspace, with or without the plugin', async () => {
    const workspace = await emptyApp()
    await writeFile(join(workspace, 'pnpm-workspace.yaml'), 'packages: ["*"]')
    const [root, other] = [join(workspace, 'shop'), join(workspace, 'docs')]
    for (const folder of [root, other]) await mkdir(folder)
    await expect(vite.createServer(appConfig(root, { persist: '.state' }))).rejects.toThrow('"persist" must not be')
    const { origin } = await dev({ persist: true }, {}, root)
    await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })
    const file = await stateFile(root)
    expect(file.startsWith(workspace)).toBe(false)
    for (const more of [{ plugins: [] }, {}]) {
      const server = await vite.createServer({ ...appConfig(other, { persist: true }), ...more })
      onTestFinished(() => server.close())
      await server.listen()
      const response = await fetch(new URL(`/@fs${file}`, server.resolvedUrls?.local[0]))
      expect(response.status).toBe(403)
      expect(await response.text()).not.toContain(PRIVATE)
    }
  })

  it('serves no private key in the preview, even if the state is in the published folder through a link', async () => {
    const root = await emptyApp()
    await vite.build(appConfig(root))
    const server = await vite.preview(appConfig(root, { persist: true }))
    onTestFinished(() => server.close())
    const origin = new URL(server.resolvedUrls?.local[0] ?? '').origin
    await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })
    const file = await stateFile(root)
    await symlink(dirname(file), join(root, 'dist', 'linked'))
    const response = await fetch(`${origin}/linked/state.json`)
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain(PRIVATE)
  })
})

describe('the state of latchkey()', () => {
  async function start(options: LatchkeyOptions, root: string, config: vite8.InlineConfig = {}): Promise<vite8.ViteDevServer> {
    const server = await vite8.createServer(appConfig(root, options, config))
    onTestFinished(() => server.close())
    await server.listen()
    return server
  }
  const originOf = (server: vite8.ViteDevServer): string => new URL(server.resolvedUrls?.local[0] ?? '').origin

  it('is outside of the project, whatever its cache folder, and not in a repository', async () => {
    const root = await emptyApp()
    const server = await start({ persist: true }, root, { cacheDir: join(root, 'public') })
    await signIn({ issuer: `${originOf(server)}/oauth`, redirectUri: `${originOf(server)}/` })
    const file = await stateFile(root)
    expect(file.startsWith(root)).toBe(false)
    expect(await readFile(join(dirname(file), '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('deletes the keys that earlier versions saved in the cache folder, and refuses their URL', async () => {
    const root = await emptyApp()
    const former = join(root, '.cache', 'latchkey', 'state.json')
    await mkdir(dirname(former), { recursive: true })
    await writeFile(former, `{${PRIVATE}1}`)
    const server = await start({ persist: true }, root)
    await expect(access(former)).rejects.toThrow('ENOENT')
    expect((await fetch(`${originOf(server)}/.cache/latchkey/state.json?raw`)).status).toBe(403)
  })

  it('cannot be imported by a module of the app, also through a link', async () => {
    const [root, persist] = [await emptyApp(), await emptyApp()]
    await writeFile(join(persist, 'state.json'), `{${PRIVATE}1}`)
    await symlink(persist, join(root, 'state'))
    const server = await start({ persist }, root, { server: { fs: { strict: false }, watch: null } })
    for (const id of ['/state/state.json?raw', '/state/state.json', `/@fs${persist}/state.json?inline`])
      await expect(server.transformRequest(id)).rejects.toThrow('not served')
    for (const environment of Object.values(server.environments))
      await expect(environment.transformRequest('/state/state.json?raw')).rejects.toThrow('not served')
  })

  it('is refused in a folder whose name looks like an encoded one', async () => {
    const [root, home] = [await emptyApp(), await emptyApp()]
    const persist = join(home, 'st%41te')
    await mkdir(persist)
    await writeFile(join(persist, 'state.json'), `{${PRIVATE}1}`)
    await symlink(persist, join(root, 'st%41te'))
    const origin = originOf(await start({ persist }, root))
    for (const file of [`${root}/st%2541te/state.json`, `${home}/st%2541te/state.json`]) {
      for (const url of [
        '/st%2541te/state.json',
        `/@fs${file}`,
        `/@id${file}`,
        `/@id/file://${file}`,
        '/st%2541te/%2e/state.json',
      ])
        for (const query of ['', '?raw', '?import&raw']) expect((await fetch(origin + url + query)).status, url).toBe(403)
    }
  })

  // The folder may be that of all keys of an earlier version, which each start deletes.
  const served = ['', '.', './', '..', '/', 'src', 'public/state', 'dist', 'node_modules/.state', '.cache/latchkey', 'index.html']
  it.each(served)('must not be where Vite serves files, copies them or deletes them: %j', async (persist) => {
    const root = await emptyApp()
    const message = new RegExp(`^\\[latchkey\\] "persist" must not be .* Received "${persist.replaceAll('.', String.raw`\.`)}"`)
    for (const run of [vite8.createServer, vite8.build]) await expect(run(appConfig(root, { persist }))).rejects.toThrow(message)
    await expect(vite8.preview(appConfig(root, { persist }))).rejects.toThrow(message)
  })

  it('must not be where the project’s own configuration allows files, or reached by a link', async () => {
    const [root, elsewhere] = [await emptyApp(), await emptyApp()]
    await symlink(root, join(elsewhere, 'link'))
    const allowing = { server: { fs: { allow: [root, elsewhere] }, watch: null } }
    for (const [persist, config] of [[join(elsewhere, 'link', 'state')], [join(elsewhere, 'state'), allowing]] as const)
      await expect(vite8.createServer(appConfig(root, { persist }, config))).rejects.toThrow('"persist" must not be')
    await expect(
      vite8.createServer(appConfig(root, { persist: join(elsewhere, 'c', 'x') }, { cacheDir: join(elsewhere, 'c') })),
    ).rejects.toThrow('"persist" must not be')
    await expect(vite8.createServer(appConfig(root, { persist: join(elsewhere, 'index.html') }))).rejects.toThrow('is a file')
  })

  it('must not be in another project that is in no workspace', async () => {
    const [root, other] = [await emptyApp(), await emptyApp()]
    await writeFile(join(other, 'package.json'), '{}')
    await expect(vite8.createServer(appConfig(root, { persist: join(other, '.state') }))).rejects.toThrow(
      'whose files its own dev server serves',
    )
  })

  it('is kept in memory, with a warning, if the account’s own folder is in the workspace', async () => {
    const root = await emptyApp()
    vi.stubEnv('XDG_STATE_HOME', join(root, 'home'))
    onTestFinished(() => void vi.unstubAllEnvs())
    const warn = vi.fn<(message: string) => void>()
    const server = await start({ persist: true }, root, { customLogger: { ...vite8.createLogger('silent'), warn } })
    await signIn({ issuer: `${originOf(server)}/oauth`, redirectUri: `${originOf(server)}/` })
    expect(await readdir(root)).not.toContain('home')
    expect(warn.mock.calls.flat().join()).toMatch(/kept in memory.*"persist"/s)
  })

  it('is reported if other accounts can read it', async () => {
    const persist = await emptyApp()
    await writeFile(join(persist, 'state.json'), '{}', { mode: 0o640 })
    for (const isOpen of [true, false]) {
      const warn = vi.fn<(message: string) => void>()
      await start({ persist }, await emptyApp(), { customLogger: { ...vite8.createLogger('silent'), warn } })
      expect(warn.mock.calls.flat().some((line) => line.includes('other accounts can read it'))).toBe(isOpen)
      await chmod(join(persist, 'state.json'), 0o600)
    }
  })

  it('is reported if other accounts can replace it in its folder', async () => {
    const persist = await emptyApp()
    for (const [mode, isOpen] of [
      [0o777, true],
      [0o1777, false],
      [0o755, false],
    ] as const) {
      await chmod(persist, mode)
      const warn = vi.fn<(message: string) => void>()
      await start({ persist }, await emptyApp(), { customLogger: { ...vite8.createLogger('silent'), warn } })
      expect(warn.mock.calls.flat().some((line) => line.includes(`can replace it. Run: chmod go-w ${persist}`))).toBe(isOpen)
    }
  })

  it('is shared by two dev servers of one project, so that neither signs out the users of the other', async () => {
    const root = await emptyApp()
    const [one, other] = [await start({ persist: true }, root), await start({ persist: true }, root)]
    const signInAt = async (server: vite8.ViteDevServer): Promise<string> =>
      (await signIn({ issuer: `${originOf(server)}/oauth`, redirectUri: `${originOf(server)}/` })).refresh_token
    await Promise.all([signInAt(one), signInAt(other)])
    const tokens = [await signInAt(one), await signInAt(other), await signInAt(one)]
    expect(await (await fetch(`${originOf(one)}/oauth/jwks`)).text()).toBe(
      await (await fetch(`${originOf(other)}/oauth/jwks`)).text(),
    )
    const content = await readFile(await stateFile(root), 'utf8')
    for (const server of [one, other]) expect(content).toContain(originOf(server))
    expect(tokens.every(Boolean)).toBe(true)
  })
})
