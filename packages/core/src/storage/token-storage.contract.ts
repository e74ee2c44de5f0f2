import { describe, expect, it } from 'vitest'
import type { TokenStorage } from './token-storage.js'

/** What every `TokenStorage` does. @param create makes an empty one */
export function describeTokenStorage(name: string, create: () => TokenStorage): void {
  describe(`${name}: TokenStorage contract`, () => {
    it('has nothing at first', async () => {
      // covers B-034
      expect(await create().get('a')).toBeUndefined()
    })

    it('gives back what was put in', async () => {
      const storage = create()
      await storage.update('a', () => ({ deep: [1, 'two', null] }))
      expect(await storage.get('a')).toEqual({ deep: [1, 'two', null] })
    })

    it('hands the stored value to the change', async () => {
      const storage = create()
      await storage.update('a', () => 1)
      await storage.update('a', (stored) => (stored as number) + 1)
      expect(await storage.get('a')).toBe(2)
    })

    it('deletes for undefined', async () => {
      const storage = create()
      await storage.update('a', () => 1)
      await storage.update('a', () => undefined)
      expect(await storage.get('a')).toBeUndefined()
      expect(await storage.keys('a')).toEqual([])
    })

    it('lists the keys under a prefix', async () => {
      const storage = create()
      for (const key of ['p/2', 'q/1', 'p/1']) await storage.update(key, () => 1)
      expect((await storage.keys('p/')).toSorted()).toEqual(['p/1', 'p/2'])
    })

    it('gives one of many takers the value', async () => {
      const storage = create()
      await storage.update('a', () => 'once')
      const taken: unknown[] = []
      const take = (): Promise<void> => storage.update('a', (stored) => void taken.push(stored))
      await Promise.all(Array.from({ length: 20 }, take))
      expect(taken.filter((value) => value === 'once')).toHaveLength(1)
    })

    it('counts right when many count at once', async () => {
      const storage = create()
      const add = (): Promise<void> => storage.update('n', (stored) => ((stored as number | undefined) ?? 0) + 1)
      await Promise.all(Array.from({ length: 50 }, add))
      expect(await storage.get('n')).toBe(50)
    })

    it('rejects and keeps the value when the change throws', async () => {
      const storage = create()
      await storage.update('a', () => 1)
      const attempt = async (): Promise<void> =>
        storage.update('a', () => {
          throw new TypeError('no')
        })
      await expect(attempt()).rejects.toThrow('no')
      expect(await storage.get('a')).toBe(1)
    })
  })
}
