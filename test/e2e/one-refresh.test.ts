// Invariant 2, one refresh: against rotation and reuse detection, where a second use of a refresh token ends the session.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { recordMeasure } from '../gate/measures.mjs'
import { press, sees } from '../harness/browser.js'
import { e2eTest } from '../harness/e2e-test.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'

const it = e2eTest({ start: startEmbeddedServer })

const HOUR_MS = 3_600_000

interface AppWindow extends Window {
  readonly client: { getAccessToken(): Promise<string>; fetch(url: string): Promise<Response> }
  /** The tokens that the tab got after the start signal. */
  tokens?: Promise<string[]>
}

describe('one refresh (invariant 2)', () => {
  it(
    'sends one token request when eight tabs meet the expiry at the same instant, fifty times over',
    { timeout: 240_000 },
    async ({ world, visitor, user }) => {
      await user.signIn()
      const others = await Promise.all(
        Array.from({ length: 7 }, async () => {
          const tab = await user.openTab()
          await sees(tab, 'status', 'signed-in')
          return tab
        }),
      )
      const tabs = [visitor.page, ...others]
      let most = 0
      for (let round = 1; round <= 50; round++) {
        // Before the clock moves: a tab may refresh by itself as soon as it has.
        world.server.forget()
        await world.elapse(HOUR_MS, tabs)
        const tokens = await askAllAtOnce(tabs)
        most = Math.max(most, world.tokenRequests())
        recordMeasure('requests-tabs', most, 1)
        expect(world.tokenRequests(), `round ${round}`).toBe(1)
        expect(new Set(tokens).size, `round ${round}`).toBe(1)
      }
      for (const tab of tabs) await sees(tab, 'status', 'signed-in')
      // The token that all of them hold is good: the family was never revoked.
      await press(visitor.page, 'Call the API')
      await sees(visitor.page, 'answer', `200 {"sub":"${alice.sub}"}`)
    },
  )

  it('sends one token request for fifty calls of one tab', async ({ world, page, user }) => {
    await user.signIn()
    // Before the clock moves: the tab may refresh by itself as soon as it has.
    world.server.forget()
    await world.elapse(HOUR_MS, [page])
    const statuses = await page.evaluate(async (url) => {
      const { client } = window as unknown as AppWindow
      const responses = await Promise.all(Array.from({ length: 50 }, () => client.fetch(url)))
      return responses.map((response) => response.status)
    }, world.api.url)
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 200))
    recordMeasure('requests-calls', world.tokenRequests(), 1)
    expect(world.tokenRequests()).toBe(1)
  })
})

/** Every tab calls for a token three times when it gets the start signal. */
async function askAllAtOnce(tabs: readonly Page[]): Promise<string[]> {
  await Promise.all(tabs.map((tab) => tab.evaluate(waitForSignal)))
  await tabs[0]?.evaluate(() => new BroadcastChannel('start').postMessage(''))
  const tokens = tabs.map((tab) => tab.evaluate(() => (window as unknown as AppWindow).tokens ?? []))
  return (await Promise.all(tokens)).flat()
}

function waitForSignal(): void {
  const page = window as unknown as AppWindow
  const signal = new BroadcastChannel('start')
  page.tokens = new Promise((resolve) => {
    signal.addEventListener('message', () => {
      signal.close()
      resolve(Promise.all([page.client.getAccessToken(), page.client.getAccessToken(), page.client.getAccessToken()]))
    })
  })
}
