import { describe, expect, it } from 'vitest'
import { settleTogether } from './settle-together.js'

const ENDED = Promise.resolve()

describe('steps that run at the same time', () => {
  it('learn of a wrong one that ended before them', async () => {
    const owner = {}
    let end = (_result: string): void => undefined
    const last = settleTogether(owner, ['client'], () => new Promise<string>((resolve) => (end = resolve)))
    const wrong = settleTogether(owner, ['client'], () => Promise.resolve(undefined))
    for (let turn = 0; turn < 10; turn += 1) await ENDED
    end('right')
    await wrong
    expect(await last).toEqual({ result: 'right', hadWrong: true })
  })

  it('learn of a wrong one that ends after them', async () => {
    const owner = {}
    let fail = (): void => undefined
    const wrong = settleTogether(owner, ['client'], () => new Promise((_, reject) => (fail = () => reject(new Error('wrong')))))
    const right = settleTogether(owner, ['client'], () => Promise.resolve('right'))
    for (let turn = 0; turn < 10; turn += 1) await ENDED
    fail()
    await expect(wrong).rejects.toThrow('wrong')
    expect(await right).toEqual({ result: 'right', hadWrong: true })
  })

  it('learn of nothing else: right ones, other names, and steps that ended before', async () => {
    const owner = {}
    await settleTogether(owner, ['client'], () => Promise.resolve(undefined))
    const all = await Promise.all([
      settleTogether(owner, ['client'], () => Promise.resolve('right')),
      settleTogether(owner, ['client'], () => Promise.resolve('right')),
      settleTogether(owner, ['other'], () => Promise.resolve(undefined)),
    ])
    expect(all.slice(0, 2).map(({ hadWrong }) => hadWrong)).toEqual([false, false])
  })
})
