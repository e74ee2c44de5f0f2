import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { chromium } from 'playwright'
import { build, createServer } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chromiumArguments, findChromium } from '../../../test/gate/browsers.mjs'
import { appConfig, emptyApp } from './dev-server.fixture.js'
import { closeFormerClients } from './hot-clients.js'

const CORE = `globalThis.open = new Set()
export function createOAuthClient(options) {
  const client = { options, close: () => open.delete(client) }
  open.add(client)
  return client
}
`
const clientOf = (clientId: string): string =>
  `import { createOAuthClient } from '@latchkey/core'\nexport const client = createOAuthClient({ clientId: '${clientId}' })\n`
const MAIN = `import { client } from './client.js'\nglobalThis.shown = client.options.clientId\nimport.meta.hot?.accept()\n`

async function appWithClient(): Promise<string> {
  const root = await emptyApp()
  await writeFile(join(root, 'core.js'), CORE)
  await writeFile(join(root, 'client.js'), clientOf('one'))
  await writeFile(join(root, 'main.js'), MAIN)
  return root
}

const alias = (root: string): { readonly '@latchkey/core': string } => ({ '@latchkey/core': join(root, 'core.js') })

describe('a client made in a module', () => {
  it('is closed when a hot update replaces it, without code of the app', async () => {
    const root = await appWithClient()
    const server = await createServer(appConfig(root, {}, { resolve: { alias: alias(root) } }))
    onTestFinished(() => server.close())
    await server.listen()
    const executablePath = findChromium()
    const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath && { executablePath }) })
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(server.resolvedUrls?.local[0] ?? '')
    await page.waitForFunction("globalThis.shown === 'one'")
    for (const clientId of ['two', 'three']) {
      await writeFile(join(root, 'client.js'), clientOf(clientId))
      const [module] = server.moduleGraph.getModulesByFile(join(root, 'client.js')) ?? []
      if (!module) throw new Error('The module is unknown.')
      await server.reloadModule(module)
      await page.waitForFunction(`globalThis.shown === '${clientId}'`)
      expect(await page.evaluate('[...open].map((client) => client.options.clientId)')).toEqual([clientId])
    }
  })

  it('has no such code in a build', async () => {
    const root = await appWithClient()
    const result = await build(appConfig(root, {}, { resolve: { alias: alias(root) }, build: { write: false, minify: false } }))
    expect(JSON.stringify(result)).toContain('clientId')
    expect(JSON.stringify(result)).not.toContain('latchkeyClients')
  })
})

describe('closeFormerClients()', () => {
  const core = "import { createOAuthClient } from '@latchkey/core'\n"

  it.each([
    ['const client = createOAuthClient(options)', 'client'],
    ['export const client: OAuthClient<Claims> = createOAuthClient<Claims>({', 'client'],
    ['export const a = createOAuthRegistry({})\nconst b = workerClient({})', 'a, b'],
    ["const worker = new Worker(url, { type: 'module' })\nexport const client = workerClient({ worker })", 'client, worker'],
    ['const other = new Worker(url)\nexport const client = createOAuthClient({})', 'client'],
    ['export const client =\n  createOAuthClient({})', 'client'],
    ['let $client = createOAuthClient({})', '$client'],
  ])('closes the clients of %j', (code, names) => {
    const listed = names.split(', ').map((name) => `typeof ${name} === 'object' && ${name}`)
    expect(closeFormerClients(core + code)).toContain(`latchkeyClients = [${listed.join(', ')}]`)
  })

  it('runs in a module that only shows such code, in a template or a comment', () => {
    const shown = 'const text = `\nconst client = createOAuthClient({})\n`\n/*\nconst other = createOAuthClient({})\n*/'
    const code = closeFormerClients(`// @latchkey/core\n${shown}`) ?? ''
    const hot = { data: {} }
    runInNewContext(code.replaceAll('import.meta.hot', 'hot'), { hot })
    expect(JSON.stringify(hot.data)).toBe('{"latchkeyClients":[]}')
  })

  it.each([
    'function make() {\n  const client = createOAuthClient(options)\n}',
    'const makeClient = () => createOAuthClient(options)',
    'export const make = createOAuthClient',
    'const make = createOAuthClient.bind(undefined)',
    'export const createOAuthClientFactory = 1',
  ])('leaves alone %j', (code) => {
    expect(closeFormerClients(core + code)).toBeUndefined()
  })
})
