import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import { createWorld } from '../harness/world.js'
import type { World } from '../harness/world.js'
import type { Engine, Tab } from './engine.js'
import { describeFlows, sees } from './flows.contract.js'
import { launchPuppeteer } from './puppeteer-engine.js'

const launch = (): Promise<Engine> => launchPuppeteer('firefox')

describeFlows('Firefox', launch)

// Here, because a Firefox without a display moves the focus as one with a display does: Chromium without one doesn't, and
// Playwright makes every page believe that it has the focus.
describe('a popup whose pages cut window.opener (Cross-Origin-Opener-Policy: same-origin) - invariant 7', () => {
  let world: World
  let engine: Engine
  let tab: Tab
  beforeAll(async () => {
    world = await createWorld(startEmbeddedServer)
    world.server.dials.headers = { 'Cross-Origin-Opener-Policy': 'same-origin' }
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    engine = await launch()
    tab = await engine.openTab(world.app.origin)
    await sees(tab, 'status', 'signed-out')
  })
  afterEach(() => engine.close())

  async function openPopup(): Promise<Tab> {
    const popup = await tab.popup(() => tab.click('#sign-in-popup'))
    await expect.poll(() => popup.has(world.server.pages.userButton(alice)), { timeout: 15_000 }).toBe(true)
    return popup
  }
  const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

  it('is noticed within about two seconds when the person closes it', async () => {
    const popup = await openPopup()
    await later(1500)
    await popup.close()
    await expect.poll(() => tab.shows('error'), { timeout: 3000 }).toBe('popup_closed')
  })

  it('is not taken for closed while it is open', async () => {
    const popup = await openPopup()
    await later(4000)
    expect([await tab.shows('error'), await tab.shows('activity')]).toEqual(['', 'signing-in'])
    await popup.click(world.server.pages.userButton(alice))
    await sees(tab, 'status', 'signed-in')
  })
})
