import { defineConfig } from '@playwright/test'

// Only for machines whose Chromium is not the one that Playwright installs.
const executablePath = process.env['CHROMIUM_PATH']

export default defineConfig({
  testDir: '.',
  use: {
    baseURL: 'http://localhost:5199/',
    launchOptions: executablePath ? { executablePath, args: ['--no-sandbox'] } : {},
  },
  webServer: { command: 'npx vite --port 5199 --strictPort', url: 'http://localhost:5199/', cwd: '..' },
})
