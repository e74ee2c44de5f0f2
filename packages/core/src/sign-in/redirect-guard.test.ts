import { describe, expect, it } from 'vitest'
import { awaitedState } from './awaited-redirect.js'
import { createRedirectMemory } from './redirect-guard.js'
import { storageArea } from '../storage/storage-area.fixture.js'

describe('createRedirectMemory() - invariant 9: no loop', () => {
  it('stops the fourth redirect within a minute and names likely causes', () => {
    const memory = createRedirectMemory(storageArea(), 'k', () => 0)
    for (let trip = 0; trip < 3; trip += 1) memory.leave('s')
    expect(() => memory.leave('s')).toThrow(
      expect.objectContaining({ code: 'redirect_loop', hint: expect.stringContaining('redirect URI') as string }),
    )
  })

  it('lets a sign-in go ahead a minute later', () => {
    let now = 0
    const memory = createRedirectMemory(storageArea(), 'k', () => now)
    for (let trip = 0; trip < 3; trip += 1) memory.leave('s')
    now = 60_000
    expect(() => memory.leave('s')).not.toThrow()
  })

  it('starts counting anew after a reset', () => {
    const memory = createRedirectMemory(storageArea(), 'k', () => 0)
    for (let trip = 0; trip < 3; trip += 1) memory.leave('s')
    memory.reset()
    expect(() => memory.leave('s')).not.toThrow()
  })

  it('knows which answer this tab waits for, and for ten minutes only', () => {
    const storage = storageArea()
    const memory = createRedirectMemory(storage, 'k', () => 0)
    expect(awaitedState(storage, 'k', 0)).toBeUndefined()
    memory.leave('s')
    expect(awaitedState(storage, 'k', 599_999)).toBe('s')
    expect(awaitedState(storage, 'k', 600_000)).toBeUndefined()
    expect(awaitedState(storage, 'other client', 0)).toBeUndefined()
    memory.back()
    expect(awaitedState(storage, 'k', 0)).toBeUndefined()
  })

  it('does without storage', () => {
    const memory = createRedirectMemory(undefined, 'k', () => 0)
    expect(() => memory.leave('s')).not.toThrow()
    expect(awaitedState(undefined, 'k', 0)).toBeUndefined()
  })
})
