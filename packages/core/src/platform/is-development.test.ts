import { readFile } from 'node:fs/promises'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

const PLACES = [
  ['core', 'platform'],
  ['oauth1', 'client'],
  ['react', 'provider'],
] as const

test.each(PLACES)('an app that any bundler builds for production has no development checks of %s', async (name, folder) => {
  // Bundlers for browsers follow this field, and a file for it that does not exist is an error there.
  const { browser } = JSON.parse(await read(`${name}/package.json`)) as { readonly browser?: unknown }
  expect(browser).toEqual({ [`./dist/${folder}/is-development.js`]: `./dist/${folder}/is-development-in-bundle.js` })
  const expression = expressionIn(await read(`${name}/src/${folder}/is-development-in-bundle.ts`))
  const built = (mode: string): string => expression.replace('process.env.NODE_ENV', JSON.stringify(mode))
  expect(runInNewContext(built('production'))).toBe(false)
  expect(runInNewContext(built('development'))).toBe(true)
})

test.each(PLACES)('the code of %s runs in a browser without a bundler, with its development checks', async (name, folder) => {
  const expression = expressionIn(await read(`${name}/src/${folder}/is-development.ts`))
  expect(runInNewContext(expression)).toBe(true)
  expect(runInNewContext(expression, { process: { env: { NODE_ENV: 'production' } } })).toBe(false)
})

/** @param path in the folder of the packages */
async function read(path: string): Promise<string> {
  return readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')
}

/** @returns what the constant is set to, as a bundler sees it */
function expressionIn(source: string): string {
  return source.split('IS_DEVELOPMENT: boolean = ')[1]?.replace(' as Host', '') ?? ''
}
