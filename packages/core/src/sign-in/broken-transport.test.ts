import { describe, expect, it } from 'vitest'
import { FakePage } from './fake-page.fixture.js'

const fail = (): Promise<never> => Promise.reject(new Error('broken'))

describe('a custom transport that is written wrongly', () => {
  it.each([
    ['has no cancel()', () => ({ navigate: fail })],
    ['has an async prepare()', async () => ({ navigate: fail, cancel: () => undefined })],
    ['prepares nothing', () => undefined],
    [
      'fails to cancel',
      () => ({
        navigate: fail,
        cancel: () => {
          throw new Error('cancel')
        },
      }),
    ],
  ])('ends the sign-in with an error, so that buttons work again: it %s', async (_title, prepare) => {
    const { client } = await new FakePage('/').open()
    const errors: string[] = []
    client.on('error', ({ error }) => void errors.push(error.name))
    const login = client.login({ transport: { name: 'broken', prepare } as never })
    const error: unknown = await login.catch((cause: unknown) => cause)
    expect(error).toHaveProperty('code')
    expect([client.getSnapshot().activity, errors.length]).toEqual(['idle', 1])
  })
})

describe('window.open() that returns undefined, as in jsdom and some web views', () => {
  it('is called once, inside the click', async () => {
    let calls = 0
    const page = new FakePage('/')
    const openWindow = (): undefined => void calls++
    const { client } = await page.open({ environment: { window: page.window, openWindow: openWindow as never } })
    await expect(client.login({ transport: 'popup' })).rejects.toMatchObject({ code: 'popup_blocked' })
    expect(calls).toBe(1)
  })
})
