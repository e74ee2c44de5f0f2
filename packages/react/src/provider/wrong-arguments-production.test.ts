import { afterAll, expect, it, vi } from 'vitest'

// What an app that is built for production does with wrong arguments, which it does not check one by one. Hooks and components need
// React's production build and are not called here.
vi.stubEnv('NODE_ENV', 'production')
vi.resetModules()
const { OAuthClientError } = await import('@latchkey/core')
const { authedQueryOptions, requireSignIn } = await import('../index.js')
const { createTestClient } = await import('../testing.js')

afterAll(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

const WRONG: readonly unknown[] = [undefined, null, 5, 'x', [], {}, { typo: 1 }]
const FUNCTIONS = { authedQueryOptions, requireSignIn, createTestClient }

it.each(Object.entries(FUNCTIONS))('in production, %s() fails with a typed error or not at all', async (_name, exported) => {
  const call = exported as (...given: readonly unknown[]) => unknown
  const client = createTestClient({ session: 'signed-in' })
  for (const wrong of WRONG) {
    for (const given of [
      [wrong],
      [client, wrong],
      [client, { queryKey: wrong }],
      [client, { queryKey: ['a'], queryFn: wrong }],
    ]) {
      const failure: unknown = await new Promise((resolve) => resolve(call(...given))).then(
        () => undefined,
        (cause: unknown) => cause,
      )
      if (failure !== undefined) expect(failure).toBeInstanceOf(OAuthClientError)
    }
  }
})
