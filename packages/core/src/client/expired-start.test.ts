import { expect, it, onTestFinished, vi } from 'vitest'
import { memory } from '../storage/memory.js'

/** Starts a client with a stored session, and returns the chunks that it loads without a call. */
async function chunksOfStart(ageSeconds: number): Promise<readonly string[]> {
  const loaded: string[] = []
  vi.resetModules()
  vi.doMock('./lazy.js', async (original) => {
    const lazy = await original<typeof import('./lazy.js')>()
    const loadSessionCalls: typeof lazy.loadSessionCalls = () => {
      loaded.push('session-calls')
      return lazy.loadSessionCalls()
    }
    return { ...lazy, loadSessionCalls }
  })
  onTestFinished(() => {
    vi.doUnmock('./lazy.js')
    vi.resetModules()
  })
  const { createClientBench } = await import('./client.fixture.js')
  const storage = memory()
  const before = await createClientBench({ storage })
  await before.client.login()
  await before.client.close()
  loaded.length = 0
  const after = await createClientBench({ storage, now: () => Date.now() + ageSeconds * 1000 })
  await after.client.start()
  expect(after.client.getSnapshot().status).toBe('signed-in')
  await after.client.close()
  return loaded
}

it('loads the code of a refresh with an expired session, and not with a fresh one', async () => {
  expect(await chunksOfStart(100)).toEqual([])
  expect(await chunksOfStart(100_000)).toEqual(['session-calls'])
})
