// Invariant 2, one refresh: against rotation and reuse detection, where a second use of a refresh token ends the session.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium, press, sees, visit } from '../harness/browser.js'
import type { Visitor } from '../harness/browser.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import type { EmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import { createWorld } from '../harness/world.js'
import type { World } from '../harness/world.js'

const HOUR_MS = 3_600_000

interface AppWindow extends Window {
  clockShift?: number
  readonly client: { getAccessToken(): Promise<string>; fetch(url: string): Promise<Response> }
}

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe('one refresh (invariant 2)', () => {
  let world: World<EmbeddedServer>
  let visitor: Visitor
  beforeEach(async () => {
    world = await createWorld(startEmbeddedServer)
    visitor = await visit(browser, world.app.origin)
    await press(visitor.page, 'Sign in')
    await visitor.page.click(world.server.pages.userButton(alice))
    await sees(visitor.page, 'status', 'signed-in')
  })
  afterEach(async () => {
    await visitor.context.close()
    await world.close()
    expect(visitor.unhandled).toEqual([])
  })

  /** An hour goes by, for the server and in every tab: the access token has expired. */
  async function letAnHourPass(tabs: readonly Page[]): Promise<void> {
    world.server.dials.clockShift += HOUR_MS
    const shift = world.server.dials.clockShift
    await Promise.all(tabs.map((tab) => tab.evaluate((ms) => Object.assign(window, { clockShift: ms }), shift)))
    world.server.forget()
  }

  /** An hour is also how long metadata and keys stay fresh: they may be asked for again. */
  function tokenRequests(): number {
    return world.requestsOfApp().filter((request) => request.endsWith(' /token')).length
  }

  it(
    'sends one token request when eight tabs meet the expiry at the same instant, fifty times over',
    { timeout: 240_000 },
    async () => {
      const others = await Promise.all(
        Array.from({ length: 7 }, async () => {
          const tab = await visitor.context.newPage()
          await tab.goto(world.app.origin)
          await sees(tab, 'status', 'signed-in')
          return tab
        }),
      )
      const tabs = [visitor.page, ...others]
      for (let round = 1; round <= 50; round++) {
        await letAnHourPass(tabs)
        const tokens = await askAllAtOnce(tabs)
        expect(tokenRequests(), `round ${round}`).toBe(1)
        expect(new Set(tokens).size, `round ${round}`).toBe(1)
      }
      for (const tab of tabs) await sees(tab, 'status', 'signed-in')
      // The token that all of them hold is good: the family was never revoked.
      await press(visitor.page, 'Call the API')
      await sees(visitor.page, 'answer', `200 {"sub":"${alice.sub}"}`)
    },
  )

  it('sends one token request for fifty calls of one tab', async () => {
    await letAnHourPass([visitor.page])
    const statuses = await visitor.page.evaluate(async (url) => {
      const { client } = window as unknown as AppWindow
      const responses = await Promise.all(Array.from({ length: 50 }, () => client.fetch(url)))
      return responses.map((response) => response.status)
    }, world.api.url)
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 200))
    expect(tokenRequests()).toBe(1)
  })
})

/** Every tab asks for a token at the same time of the machine's clock, three times over. */
async function askAllAtOnce(tabs: readonly Page[]): Promise<string[]> {
  const at = Date.now() + 100
  const answers = tabs.map((tab) =>
    tab.evaluate(async (instant) => {
      const { client } = window as unknown as AppWindow
      await new Promise((resolve) => setTimeout(resolve, instant - Date.now()))
      return Promise.all([client.getAccessToken(), client.getAccessToken(), client.getAccessToken()])
    }, at),
  )
  return (await Promise.all(answers)).flat()
}
