import { defineConfig } from 'vitest/config'

// Minutes of real time in real browsers, so it is a command of its own: npm run stress
export default defineConfig({
  test: {
    include: ['test/stress/*.test.ts'],
    environment: 'node',
    testTimeout: 1_200_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    expect: { poll: { timeout: 60_000 } },
  },
})
