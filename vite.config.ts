import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { bundlePlugin } from './test/harness/bundle-plugin.js'
import { chromiumLaunchOptions, findFirefox, findWebKit } from './test/gate/browsers.mjs'

// Packages resolve each other's sources inside the workspace, and `dist` outside it.
const conditions = ['@latchkey/source']
// Shown in a window while you work on a test.
const hasWindows = process.argv.includes('--browser.headless=false')
const never = ['**/node_modules/**', '**/dist/**']

const source = {
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
}
const browser = {
  enabled: true,
  headless: true,
  connectTimeout: 180_000,
  screenshotFailures: false,
  instances: [{ browser: 'chromium' as const }],
  provider: playwright({ launchOptions: chromiumLaunchOptions({ hasWindows }) }),
}
const installed = fileURLToPath(new URL('packages/react/node_modules', import.meta.url))
const react18 = [
  { find: /^react-dom(?=\/|$)/, replacement: `${installed}/react-dom-18` },
  { find: /^react(?=\/|$)/, replacement: `${installed}/react-18` },
]
// No test asserts a time. A timeout only ends a test that waits for something that never happens, also on a busy machine.
const timeouts = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } }
// The test files of a worker or page share its modules, which takes a third of the time (half in a browser). Without it each file would
// import them anew, and make new RSA keys. A test that depends on another file's state fails in `npm run test:all`, where each file is isolated.
const sharedModules = { isolate: false } as const
// Complete programs: a browser, an app, servers.
const endToEnd = {
  environment: 'node' as const,
  ...timeouts,
  globalSetup: 'test/harness/build-app.ts',
  ...sharedModules,
}

// The engines that this machine has; the set-up names those that are missing.
const missingEngines = [
  findFirefox() ? [] : ['test/engines/firefox.test.ts'],
  findWebKit() ? [] : ['test/engines/webkit.test.ts'],
]

// The packages as they are published: no source condition here.
const endToEndProjects = (mode: string) => [
  {
    mode,
    test: {
      ...endToEnd,
      name: 'e2e',
      include: ['test/e2e/**/*.test.ts', 'playground/**/*.e2e.test.ts'],
      exclude: never,
      globalSetup: [endToEnd.globalSetup, 'playground/bundle-server.fixture.ts'],
    },
  },
  {
    mode,
    test: {
      name: 'engines',
      include: ['test/engines/**/*.test.ts'],
      // The end-to-end tests of the gate run the same flows in Chromium.
      exclude: [...never, ...missingEngines.flat(), ...(mode === 'all' ? [] : ['test/engines/chromium.test.ts'])],
      ...endToEnd,
    },
  },
]

export default defineConfig(({ mode }) => ({
  test: {
    // Most tests wait for a browser or a server: two at a time keep two cores busy, more only make each slower.
    maxWorkers: 2,
    projects: [
      {
        ...source,
        // `--mode all` runs what takes too long for the gate.
        mode,
        test: {
          name: 'node',
          environment: 'node',
          ...timeouts,
          ...sharedModules,
          include: ['{packages,test,playground}/**/*.test.ts'],
          exclude: ['**/*.{browser,e2e}.test.ts', 'test/e2e/**', 'test/engines/**', 'test/stress/**', ...never],
        },
      },
      {
        ...source,
        plugins: [react(), bundlePlugin()],
        test: {
          name: 'browser',
          include: ['packages/**/*.browser.test.{ts,tsx}'],
          exclude: never,
          benchmark: { include: ['test/bench/*.bench.ts'] },
          ...timeouts,
          ...sharedModules,
          browser,
        },
      },
      {
        ...source,
        // The same tests on the oldest React that is supported.
        resolve: { ...source.resolve, alias: react18 },
        plugins: [react()],
        test: {
          name: 'browser-react18',
          include: ['packages/react/**/*.browser.test.tsx'],
          // Too long for the gate twice: `npm run test:all` runs them on both.
          exclude: [...never, ...(mode === 'all' ? [] : ['**/devtools/**'])],
          ...timeouts,
          ...sharedModules,
          // Vitest writes a name into the instances: each project has its own.
          browser: { ...browser, instances: [{ browser: 'chromium' }] },
          provide: { react: '18.2.0' },
        },
      },
      ...endToEndProjects(mode),
    ],
  },
}))
