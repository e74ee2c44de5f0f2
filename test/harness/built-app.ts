import { fileURLToPath } from 'node:url'

/** Where the fixture app lies once it is built (build-app.ts). */
export const builtApp: string = fileURLToPath(new URL('../../test-results/e2e-app', import.meta.url))
