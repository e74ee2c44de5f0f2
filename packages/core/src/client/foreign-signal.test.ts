import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClientBench } from './client.fixture.js'

afterEach(() => void vi.unstubAllGlobals())

const SIGNALS: ReadonlyArray<readonly [string, () => AbortSignal]> = [
  ['of a controller', () => new AbortController().signal],
  ['of a request', () => new Request('https://app.example/').signal],
  ['of a timeout', () => AbortSignal.timeout(60_000)],
  ['of several', () => AbortSignal.any([new AbortController().signal])],
]

describe('a signal where `EventTarget` is not that of the signals', () => {
  it.each([
    ['jsdom and happy-dom replace it', Map],
    ['the runtime has none', undefined],
  ])('is accepted by every call: %s', async (_reason, replaced) => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { respond: ({ url }) => (url.startsWith('https://api.') ? Response.json({}) : undefined) }
    vi.stubGlobal('EventTarget', replaced)
    for (const [, signalOf] of SIGNALS) {
      const signal = signalOf()
      expect(await client.getAccessToken({ signal })).toBe('access-token-1')
      expect((await client.fetch('https://api.example/', { signal })).ok).toBe(true)
      expect((await client.refresh({ signal })).accessToken).toBe('access-token-1')
      expect(await client.userInfo({ signal })).toMatchObject({ sub: 'user-1' })
    }
    await client.close()
  })

  it.each([{}, { aborted: false }, 'signal', 5, [], new EventTarget()])(
    'is still refused if it is no signal: %j',
    async (signal) => {
      const { client } = await createClientBench()
      await client.login()
      await expect(client.getAccessToken({ signal: signal as never })).rejects.toMatchObject({ code: 'configuration' })
      await client.close()
    },
  )
})
