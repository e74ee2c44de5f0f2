import { describe, expect, it } from 'vitest'
import { type ClientBench, countOf, createClientBench } from '../client/client.fixture.js'

const HOURS = 3_600_000

/** A device whose clock is wrong, between an authorization server and an app server whose clocks are right. */
async function benchWithClock(wrongBy: number): Promise<ClientBench> {
  const bench = await createClientBench()
  bench.advance(wrongBy)
  bench.server.now = () => Math.floor(Date.now() / 1000)
  return bench
}

const appServer = (request: Request): Response | undefined =>
  request.method === 'HEAD' ? new Response(null, { headers: { date: new Date().toUTCString() } }) : undefined

describe('a device clock that is two hours wrong', () => {
  it.each([2 * HOURS, -2 * HOURS])('by %i ms still signs in and refreshes', async (wrongBy) => {
    const { client, server } = await benchWithClock(wrongBy)
    server.faults = { respond: appServer }
    await client.login()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    expect(Math.abs((client.getTokenSet()?.clockOffsetSeconds ?? 0) + wrongBy / 1000)).toBeLessThan(5)
    const before = countOf(server, 'POST /token')
    await client.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(before)
    await client.refresh()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await client.close()
  })

  it.each([2 * HOURS, 0, -2 * HOURS])('by %i ms does not let an ID token through that is really expired', async (wrongBy) => {
    const { client, server } = await benchWithClock(wrongBy)
    const now = Math.floor(Date.now() / 1000)
    server.faults = { respond: appServer, claims: { iat: now - 14_400, exp: now - 10_800 } }
    await expect(client.login()).rejects.toMatchObject({ code: 'invalid_id_token' })
    expect(client.getSnapshot().status).not.toBe('signed-in')
    await client.close()
  })

  it('sends no request for the time while the clock is right', async () => {
    const { client, server } = await benchWithClock(0)
    await client.login()
    expect(server.log.filter((line) => line.startsWith('HEAD'))).toEqual([])
    await client.close()
  })

  it('is refused where no other clock can be read', async () => {
    const { client, server } = await benchWithClock(2 * HOURS)
    server.faults = { respond: (request) => (request.method === 'HEAD' ? new Response(null, { status: 404 }) : undefined) }
    await expect(client.login()).rejects.toMatchObject({
      code: 'invalid_id_token',
      hint: expect.stringContaining('clock') as string,
    })
    await client.close()
  })
})
