import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions, type Rolldown } from 'vite'
import { expect, it, onTestFinished, vi } from 'vitest'

/** One string each from the panel, the token decoder, the testing kit and TanStack Query. */
const MARKERS = ['Latchkey devtools', 'Invalid JWT', 'test-access-token', 'networkMode']

/** @returns the production bundle of an app's imports, without React and (by default) core */
async function bundle(code: string, external: readonly RegExp[] = [/^react/, /^@latchkey/]): Promise<string> {
  const id = fileURLToPath(new URL('entry.tsx', import.meta.url))
  const entry = {
    name: 'entry',
    resolveId: (source: string) => (source === id ? id : null),
    load: (name: string) => (name === id ? code : null),
  }
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [entry],
    resolve: { conditions: ['@latchkey/source', ...defaultClientConditions] },
    build: {
      write: false,
      rolldownOptions: { input: id, external: [...external], preserveEntrySignatures: 'strict' },
    },
  })
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput
  return output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
}

it('leaves out the devtools, the testing kit and TanStack Query if the app imports none of them', async () => {
  const app = await bundle(`export { OAuthProvider, useOAuth, useToken, useAuthedFetch, RequireSignIn } from '../index.js'`)
  expect(app).toContain('outside <OAuthProvider>')
  for (const marker of MARKERS) expect(app).not.toContain(marker)
})

it('includes each if the app imports it, which proves the markers', async () => {
  const all = await bundle(`export * from '../index.js'; export * from '../testing.js'; export * from '../devtools.js'`)
  for (const marker of MARKERS) expect(all).toContain(marker)
})

it('leaves the devtools out of a production bundle of the sample in the README', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const sample = [...readme.matchAll(/^```tsx\n(.*?)^```$/gms)]
    .map(([, code = '']) => code)
    .find((code) => code.includes('<OAuthDevtools />'))
  const source = (sample ?? '').replace('@latchkey/react/devtools', '../devtools.js').replace('@latchkey/react', '../index.js')
  const app = await bundle(source)
  expect(app).toContain('https://id.example.com')
  expect(MARKERS.filter((marker) => app.includes(marker))).toEqual([])
})

it('looks for the devtools in development only', async () => {
  const app = `export { OAuthProvider } from '../index.js'; export { createOAuthClient } from '@latchkey/core'`
  expect(await bundle(app, [/^react/])).toContain('latchkeyDevtools')
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await bundle(app, [/^react/])).not.toMatch(/devtools/i)
})

it('leaves the checks of options out of a production bundle', async () => {
  const checks = ['refuseUnknownOptions', 'refuseSimilarOptions', 'warnSeconds:`number`', 'A hook that takes the name']
  const all = `export * from '../index.js'; export * from '../devtools.js'`
  const development = await bundle(all)
  expect(checks.filter((check) => !development.includes(check))).toEqual([])
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const production = await bundle(all)
  expect(checks.filter((check) => production.includes(check))).toEqual([])
})
