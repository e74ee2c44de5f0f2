import { defineConfig } from '@playwright/test'

// Only for machines whose Chromium is not the one that Playwright installs.
const executablePath = process.env['CHROMIUM_PATH']

export default defineConfig({
  testDir: '.',
  // The first test waits until Vite has bundled the dependencies, which takes long on a busy machine.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: 'http://localhost:5199/',
    launchOptions: executablePath ? { executablePath, args: ['--no-sandbox'] } : {},
  },
  webServer: { command: 'npx vite --port 5199 --strictPort', url: 'http://localhost:5199/', cwd: '..', timeout: 180_000 },
})
