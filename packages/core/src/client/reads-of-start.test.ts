import { expect, it, onTestFinished } from 'vitest'
import { fakeLocks } from '../storage/fake-locks.fixture.js'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'
import type { TokenStorage } from '../storage/token-storage.js'
import type { OAuthClient } from './client.js'

interface Start {
  readonly client: OAuthClient
  /** What was read or sent, in order. What was started at the same time is in one line. */
  readonly steps: () => readonly string[]
}

/** Starts a client with a stored session in a page of its own, and records the steps until it is signed in. */
async function startWith(ageSeconds: number): Promise<Start> {
  const tabs = await openSharedTabs()
  onTestFinished(() => tabs.close())
  const { storage, server } = tabs
  await (await tabs.open()).login()
  const steps: string[][] = []
  let isOpen = false
  // A read ends after the turn in which it started, so one that waits for another is in a later line.
  const note = (name: string): Promise<void> => {
    if (!isOpen) steps.push([])
    steps.at(-1)?.push(name.split('/').at(-1) ?? name)
    isOpen = true
    return new Promise((resolve) => void setTimeout(() => ((isOpen = false), resolve())))
  }
  const recorded: TokenStorage = {
    ...storage,
    get: async (key) => (await note(key), storage.get(key)),
    update: async (key, change) => (await note(`write ${key.split('/').at(-1)}`), storage.update(key, change)),
  }
  tabs.advance(ageSeconds * 1000)
  const client = await tabs.open({
    storage: recorded,
    environment: { locks: fakeLocks() },
    fetch: async (input, init) => (await note(input instanceof Request ? input.url : String(input)), server.fetch(input, init)),
  })
  expect(client.getSnapshot().status).toBe('signed-in')
  // The app renders before its first call.
  await expect.poll(() => isOpen).toBe(false)
  return { client, steps: () => steps.map((names) => names.join(' ')) }
}

it('reads the session and its key at a warm start, and nothing else', async () => {
  const { client, steps } = await startWith(100)
  await client.getAccessToken()
  expect(steps()).toEqual(['session', 'sealing-key'])
})

it('reads the metadata at the same time as the session for a refresh', async () => {
  const { client, steps } = await startWith(100_000)
  await client.getAccessToken()
  expect(steps().slice(0, 5)).toEqual(['session', 'sealing-key', 'server session', 'pause', 'token'])
})
