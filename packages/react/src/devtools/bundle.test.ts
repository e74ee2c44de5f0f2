import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { expect, it } from 'vitest'

/** Each stands for one thing: the panel, the decoding of tokens, the testing kit, TanStack Query. */
const LEAKS = ['Latchkey devtools', 'Invalid JWT', 'test-access-token', 'networkMode']

/** @returns the production bundle of what an app imports, React and the core left out */
async function bundle(code: string): Promise<string> {
  const id = fileURLToPath(new URL('entry.js', import.meta.url))
  const entry = {
    name: 'entry',
    resolveId: (source: string) => (source === id ? id : null),
    load: (name: string) => (name === id ? code : null),
  }
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [entry],
    build: {
      write: false,
      rolldownOptions: { input: id, external: [/^react/, /^@latchkey/], preserveEntrySignatures: 'strict' },
    },
  })
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput
  return output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
}

it('has nothing of the devtools, the testing kit or TanStack Query in an app that imports none of them', async () => {
  const app = await bundle(`export { OAuthProvider, useOAuth, useToken, useAuthedFetch, RequireSignIn } from '../index.js'`)
  expect(app).toContain('outside <OAuthProvider>')
  for (const leak of LEAKS) expect(app).not.toContain(leak)
})

it('has each where it is imported, by the strings looked for above', async () => {
  const all = await bundle(`export * from '../index.js'; export * from '../testing.js'; export * from '../devtools.js'`)
  for (const part of LEAKS) expect(all).toContain(part)
})
