import { describe, expect, it } from 'vitest'
import { isRedirectAwaited } from './awaited-redirect.js'
import { createRedirectMemory } from './redirect-memory.js'

/** The part of `Storage` that is used, as a person's browser would give it. */
function area(): Storage {
  const values = new Map<string, string>()
  return {
    length: 0,
    clear: () => values.clear(),
    key: () => null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

describe('createRedirectMemory() - invariant 9: no loop', () => {
  it('stops the fourth redirect within a minute and names likely causes', () => {
    const memory = createRedirectMemory(area(), 'k', () => 0)
    for (let trip = 0; trip < 3; trip += 1) memory.leave('s')
    expect(() => memory.leave('s')).toThrow(
      expect.objectContaining({ code: 'redirect_loop', hint: expect.stringContaining('redirect URI') as string }),
    )
  })

  it('lets a sign-in go ahead a minute later', () => {
    let now = 0
    const memory = createRedirectMemory(area(), 'k', () => now)
    for (let trip = 0; trip < 3; trip += 1) memory.leave('s')
    now = 60_000
    expect(() => memory.leave('s')).not.toThrow()
  })

  it('starts counting anew after a reset', () => {
    const memory = createRedirectMemory(area(), 'k', () => 0)
    for (let trip = 0; trip < 3; trip += 1) memory.leave('s')
    memory.reset()
    expect(() => memory.leave('s')).not.toThrow()
  })

  it('knows whether this tab waits for an answer', () => {
    const storage = area()
    const memory = createRedirectMemory(storage, 'k', () => 0)
    expect(isRedirectAwaited(storage, 'k')).toBe(false)
    memory.leave('s')
    expect(isRedirectAwaited(storage, 'k')).toBe(true)
    expect(isRedirectAwaited(storage, 'other client')).toBe(false)
    memory.back()
    expect(isRedirectAwaited(storage, 'k')).toBe(false)
  })

  it('does without storage', () => {
    const memory = createRedirectMemory(undefined, 'k', () => 0)
    expect(() => memory.leave('s')).not.toThrow()
    expect(isRedirectAwaited(undefined, 'k')).toBe(false)
  })
})
