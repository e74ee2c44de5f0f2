import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import { createWorld, type World } from '../harness/world.js'
import { type Engine, type Profile, shareEngine, type Tab } from './engine.js'
import { describeFlows, sees, seesPopupLooks } from './flows.contract.js'
import { describeOAuth1 } from './oauth1.contract.js'
import { launchPuppeteer } from './puppeteer-engine.js'

const launch = shareEngine(() => launchPuppeteer('firefox'))

describeFlows('Firefox', launch)
describeOAuth1('Firefox', launch)

// Here, because a Firefox without a display moves the focus as one with a display does: Chromium without one doesn't, and
// Playwright makes every page believe that it has the focus.
describe('a popup whose pages cut window.opener (Cross-Origin-Opener-Policy: same-origin) - invariant 7', () => {
  let world: World
  let engine: Engine
  let profile: Profile
  let tab: Tab
  beforeAll(async () => {
    world = await createWorld(startEmbeddedServer)
    world.server.dials.headers = { 'Cross-Origin-Opener-Policy': 'same-origin' }
    engine = await launch()
  })
  afterAll(() => Promise.all([engine.close(), world.close()]))
  beforeEach(async () => {
    profile = await engine.openProfile()
    tab = await profile.openTab(world.app.origin)
    await sees(tab, 'status', 'signed-out')
  })
  afterEach(() => profile.close())

  async function openPopup(): Promise<Tab> {
    const popup = await tab.popup(() => tab.click('#sign-in-popup'))
    await expect.poll(() => popup.has(world.server.pages.userButton(alice))).toBe(true)
    return popup
  }

  it('is noticed when the user closes it', async () => {
    const popup = await openPopup()
    await seesPopupLooks(tab, 3)
    await popup.close()
    await sees(tab, 'error', 'popup_closed')
  })

  it('is not taken for closed while it is open', async () => {
    const popup = await openPopup()
    // A popup that is taken for closed would be reported at the fifth look, after one second.
    await seesPopupLooks(tab, 10)
    expect([await tab.shows('error'), await tab.shows('activity')]).toEqual(['', 'signing-in'])
    await popup.click(world.server.pages.userButton(alice))
    await sees(tab, 'status', 'signed-in')
  })
})
