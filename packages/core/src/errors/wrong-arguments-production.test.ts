import { afterAll, vi } from 'vitest'

// The same calls in an app that is built for production, which has no checks of arguments.
vi.stubEnv('NODE_ENV', 'production')
vi.resetModules()
await import('./wrong-arguments.test.js')

afterAll(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})
