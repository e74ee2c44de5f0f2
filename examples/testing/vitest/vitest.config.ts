import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

// Only for machines whose Chromium is not the one that Playwright installs.
const executablePath = process.env['CHROMIUM_PATH']
const launchOptions = executablePath ? { executablePath, args: ['--no-sandbox'] } : {}

export default defineConfig({
  plugins: [react()],
  test: {
    projects: [
      {
        extends: true,
        // `globals` lets Testing Library clean up after each test.
        test: {
          name: 'jsdom',
          environment: 'jsdom',
          globals: true,
          testTimeout: 30_000,
          setupFiles: 'vitest/setup.ts',
          include: ['vitest/jsdom.test.tsx'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['vitest/browser.test.tsx'],
          browser: {
            enabled: true,
            headless: true,
            instances: [{ browser: 'chromium' }],
            provider: playwright({ launchOptions }),
          },
        },
      },
    ],
  },
})
