import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthorizationUrl } from './authorization-url.js'
import { createClientBench } from './client.fixture.js'
import { createOAuthClient } from './client.js'
import { memory } from './storage/memory.js'

const DAY_MS = 86_400_000

describe('authorization requests that nobody came back from', () => {
  it('are gone from the tab a while after the next start, with all that was secret in them (B-018)', async () => {
    const { client, advance } = await createClientBench({ storage: memory(), name: crypto.randomUUID() })
    const { nonce } = await createAuthorizationUrl(client)
    const left = (): string => JSON.stringify({ ...sessionStorage })
    expect(left()).toContain(nonce)
    advance(DAY_MS)
    // The page is another one: nothing of the former one's memory is left.
    const later = createOAuthClient({ ...client.options, storage: memory() })
    onTestFinished(() => later.close())
    await later.start()
    await expect.poll(left, { timeout: 10_000 }).not.toContain(nonce)
    expect(left()).not.toContain('codeVerifier')
  })
})
