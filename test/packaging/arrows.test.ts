// Tests the import rules in a small workspace that breaks each of them once.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { command, root } from '../gate/command.mjs'

/** Breaks no rule. */
const SOUND = {
  'packages/core/src/index.ts': "export { own } from './own.js'\n",
  'packages/core/src/own.ts': 'export const own = 1\n',
  'packages/react/src/index.ts': "export { use } from 'react'\n",
  'packages/server/src/index.ts': 'export const server = 1\n',
}

const BROKEN = {
  'packages/core/src/react.ts': "export { use } from 'react'\n",
  'packages/core/src/lazy-react.ts': "export const lazy = () => import('react')\n",
  'packages/core/src/errors/upwards.ts': "export type { stored } from '../storage/stored.js'\n",
  'packages/core/src/storage/stored.ts': 'export const stored = 1\n',
  'packages/core/src/storage/one.ts': "export type { Two } from './two.js'\nexport type One = 1\n",
  'packages/core/src/storage/two.ts': "export type { One } from './one.js'\nexport type Two = 2\n",
  'packages/core/src/storage/late.ts': "export const load = () => import('./stored.js')\n",
  'packages/core/src/upwards.ts': "export type * from '../../react/src/index.js'\n",
  'packages/vite/src/deep.ts': "export { server } from '../../server/src/index.js'\n",
  'packages/server/src/test.ts': "export { tested } from './tested.test.js'\n",
  'packages/server/src/tested.test.ts': 'export const tested = 1\n',
}

/** @returns `file: rule` for each rule that the files break */
async function brokenRules(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'arrows-'))
  try {
    await writeFile(join(folder, 'tsconfig.json'), '{"compilerOptions":{"module":"ESNext","moduleResolution":"Bundler"}}')
    await symlink(join(root, 'packages/react/node_modules'), join(folder, 'node_modules'))
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    const args = ['--config', join(root, 'test/gate/arrows.cjs'), '--output-type', 'json', 'packages']
    const { output } = await command('depcruise', args, { cwd: folder })
    const { summary } = JSON.parse(output) as { summary: { violations: Array<{ from: string; rule: { name: string } }> } }
    return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`).toSorted()
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('import arrows', () => {
  it('accept imports downwards and within a folder, and reject React outside its package, paths into another package, upward imports, cycles of types, dynamic imports outside their files and imported tests', async () => {
    expect(await brokenRules({ ...SOUND, ...BROKEN })).toEqual([
      'packages/core/src/errors/upwards.ts: core-errors-imports-downwards',
      'packages/core/src/lazy-react.ts: dynamic-imports-of-core-in-one-file-for-each-entry',
      'packages/core/src/lazy-react.ts: only-react-imports-react',
      'packages/core/src/react.ts: only-react-imports-react',
      'packages/core/src/storage/late.ts: dynamic-imports-of-core-in-one-file-for-each-entry',
      'packages/core/src/storage/one.ts: no-cycle',
      'packages/core/src/upwards.ts: core-imports-downwards',
      'packages/core/src/upwards.ts: no-deep-imports',
      'packages/server/src/test.ts: no-test-in-source',
      'packages/vite/src/deep.ts: no-deep-imports',
    ])
  })
})
