import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, findChromium } from './test/gate/browsers.mjs'

// Packages resolve each other's sources inside the workspace, and `dist` outside it.
const conditions = ['@latchkey/source']
const chromium = findChromium()
const never = ['**/node_modules/**', '**/dist/**']

const source = {
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
}
const browser = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  instances: [{ browser: 'chromium' as const }],
  provider: playwright({ launchOptions: { ...(chromium ? { executablePath: chromium } : {}), args: chromiumArguments } }),
}
// Whole programs against whole programs: one file at a time, so that timing is the test's own.
const endToEnd = {
  environment: 'node' as const,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  fileParallelism: false,
  globalSetup: 'test/harness/build-app.ts',
}

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{packages,test,playground}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', 'test/e2e/**', 'test/engines/**', ...never],
        },
      },
      {
        ...source,
        plugins: [react()],
        test: { name: 'browser', include: ['packages/**/*.browser.test.{ts,tsx}'], exclude: never, browser },
      },
      // The packages as they are published: no source condition here.
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude: never, ...endToEnd } },
      { test: { name: 'engines', include: ['test/engines/**/*.test.ts'], exclude: never, ...endToEnd } },
    ],
  },
})
