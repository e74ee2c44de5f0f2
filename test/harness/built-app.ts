import { fileURLToPath } from 'node:url'

/** Folder of the built fixture app (build-app.ts). */
export const builtApp: string = fileURLToPath(new URL('../../test-results/e2e-app', import.meta.url))

/** The page of the tests of flows and extensions, without React. */
export const builtExtensionsApp: string = fileURLToPath(new URL('../../test-results/extensions-app', import.meta.url))
