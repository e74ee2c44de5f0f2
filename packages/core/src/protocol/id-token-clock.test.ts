import { describe, expect, it } from 'vitest'
import { type Arrival, failure, prepareSignIn } from './sign-in.fixture.js'

const hours = 3_600_000

/** A device whose clock is wrong, at a server whose clock is right and whose responses show it in `Date`. */
async function arriveWithClock(wrongBy: number, claims: Readonly<Record<string, unknown>> = {}): Promise<Arrival> {
  const compliance = {
    tokenResponse: (response: Response) => {
      response.headers.set('date', new Date().toUTCString())
      return response
    },
  }
  return prepareSignIn({ options: { compliance }, clock: { now: () => Date.now() + wrongBy }, faults: { claims } })
}

describe('a device clock that is wrong', () => {
  it.each([2 * hours, -2 * hours])('by %i ms is set right by the Date of the token response', async (wrongBy) => {
    const { context, callback } = await arriveWithClock(wrongBy)
    const tokenSet = await callback()
    expect(Math.abs(tokenSet.receivedAt - Date.now() / 1000)).toBeLessThan(5)
    expect(Math.abs(context.clockOffsetSeconds() + wrongBy / 1000)).toBeLessThan(5)
  })

  it.each([2 * hours, -2 * hours, 0])('by %i ms does not let an expired ID token through', async (wrongBy) => {
    const seconds = Math.floor(Date.now() / 1000)
    const { callback } = await arriveWithClock(wrongBy, { iat: seconds - 7200, exp: seconds - 3600 })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('with an offset that is known already checks against that', async () => {
    const { callback } = await prepareSignIn({ clock: { now: () => Date.now() + 2 * hours, offsetSeconds: -7200 } })
    await expect(callback()).resolves.toBeDefined()
  })
})
