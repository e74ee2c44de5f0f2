import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of this run's apps, removed when it ends. Each run has one: `npm run test:all` has two at once, which would delete each
 * other's files. The workers inherit the name.
 */
export const builtApps: string = (process.env['LATCHKEY_TEST_APPS'] ??= createFolder())

/** The built fixture app (build-app.ts). */
export const builtApp: string = join(builtApps, 'e2e-app')

/** The page of the tests of flows and extensions, without React. */
export const builtExtensionsApp: string = join(builtApps, 'extensions-app')

function createFolder(): string {
  const results = fileURLToPath(new URL('../../test-results/', import.meta.url))
  mkdirSync(results, { recursive: true })
  return mkdtempSync(join(results, 'apps-'))
}
