import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { build, createServer } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDevPage } from './dev-page.fixture.js'
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
    const page = await openDevPage(server)
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

interface Made {
  readonly id: string
  readonly close: () => void
}

/** Runs a module as the dev server would, with the given imports. */
async function run(
  code: string,
  hot: { readonly data?: object } = { data: {} },
): Promise<{ readonly made: Made[]; readonly hot: { readonly data?: object } }> {
  const { code: changed = code } = (await closeFormerClients(code, 'client.ts')) ?? {}
  const made: Made[] = []
  const create = (options: { readonly id?: string } = {}): Made => {
    const one = { id: options.id ?? 'x', close: () => undefined }
    made.push(one)
    return one
  }
  const names = [...changed.matchAll(/import (?:\{ *([^}]*) *\}|\* as (\w+)) from '@latchkey\/\w+'/g)]
  const locals = names.flatMap(
    ([, list, namespace]) => list?.split(',').map((one) => one.split(' as ').at(-1)?.trim()) ?? [namespace],
  )
  const body = changed
    .replaceAll(/import [^;\n]* from '[^']*'/g, '')
    .replaceAll('import.meta.hot', 'hot')
    .replaceAll(/^export default /gm, 'const exported = ')
    .replaceAll(/^export /gm, '')
    .replaceAll(/: OAuthClient(?:<Claims>)?/g, '')
    .replaceAll('<Claims>', '')
  const values = locals.map((name) => (name?.endsWith('core') ? { createOAuthClient: create, isExpired: () => false } : create))
  const entries = locals.map((name, index) => [name, values[index]] as const)
  runInNewContext(body, { hot, ...Object.fromEntries(entries), options: { id: 'a' }, Worker: Map })
  return { made, hot }
}

describe('closeFormerClients()', () => {
  const core = "import { createOAuthClient } from '@latchkey/core'\n"

  it.each([
    ['a constant', `${core}const client = createOAuthClient(options)`],
    ['an export with types', `${core}export const client: OAuthClient<Claims> = createOAuthClient<Claims>(options)`],
    ['a wrapped line', `${core}export const client =\n  createOAuthClient({\n  id: 'a' })`],
    ['let', `${core}let $client = createOAuthClient(options)`],
    ['a default export', `${core}export default createOAuthClient(options)`],
    ['a member of an object', `${core}export const clients = { a: createOAuthClient(options) }`],
    ['a function that runs at once', `${core}const make = () => createOAuthClient(options)\nexport const client = make()`],
    ['a renamed import', "import { createOAuthClient as make } from '@latchkey/core'\nmake(options)"],
    ['an import that is renamed from a text', "import { 'createOAuthClient' as make } from '@latchkey/core'\nmake(options)"],
    ['a namespace', "import * as core from '@latchkey/core'\nexport const client = core.createOAuthClient(options)"],
    ['a registry', "import { createOAuthRegistry } from '@latchkey/core'\ncreateOAuthRegistry(options)"],
  ])('notes the client of %s', async (_what, code) => {
    const { made, hot } = await run(code)
    expect(made).toHaveLength(1)
    expect(hot.data).toEqual({ latchkeyClients: [made[0], undefined] })
  })

  it('does not note what is created later', async () => {
    const { hot } = await run(`${core}export const make = () => createOAuthClient(options)`)
    expect(hot.data).toEqual({ latchkeyClients: [] })
  })

  it('creates the client where hot updates have no data, as in Vitest with jsdom', async () => {
    expect((await run(`${core}export const client = createOAuthClient(options)`, {})).made).toHaveLength(1)
  })

  it.each([
    ['code in a template', `const text = \`\n${core}const client = createOAuthClient({})\n\``],
    ['code in a comment', `/*\n${core}*/\nexport const a = 1`],
    ['a type', "import type { createOAuthClient } from '@latchkey/core'\nexport type Create = typeof createOAuthClient"],
    ['another function', "import { memory } from '@latchkey/core'\nexport const storage = memory()"],
    ['a function of the app', "import { createOAuthClient } from './own.js' // @latchkey/core\ncreateOAuthClient()"],
    ['a syntax error', `${core}const = `],
  ])('leaves a module with %s alone', async (_what, code) => {
    expect(await closeFormerClients(code, 'client.tsx')).toBeUndefined()
  })

  it('keeps directives first, and every line in its place', async () => {
    const code = `'use client'\n${core}export const client = createOAuthClient({})\nexport const a = <b />\n`
    const changed = (await closeFormerClients(code, 'client.tsx'))?.code.split('\n') ?? []
    expect(changed[0]).toBe("'use client'")
    expect(changed[1]).toContain("from '@latchkey/core'")
    expect(changed.slice(2, 4)).toEqual(code.split('\n').slice(2, 4))
  })
})
