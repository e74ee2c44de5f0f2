// The three legs of OAuth 1.0a and its signatures. In the gate, Firefox and WebKit do the half that differs most between engines.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOAuth1World, type OAuth1World } from '../harness/oauth1-world.js'
import type { Engine, LaunchEngine, Profile, Tab } from './engine.js'
import { sees } from './flows.contract.js'

/** @param isWhole default: only in `npm run test:all` */
export function describeOAuth1(name: string, launch: LaunchEngine, isWhole = import.meta.env.MODE === 'all'): void {
  describe(`OAuth 1.0a in ${name}`, () => {
    let world: OAuth1World
    let engine: Engine
    let profile: Profile
    let tab: Tab
    beforeAll(async () => {
      engine = await launch()
    })
    afterAll(() => engine.close())
    beforeEach(async () => {
      // New origins for each test: nothing is stored there.
      world = await createOAuth1World()
      profile = await engine.openProfile()
      tab = await profile.openTab(world.origin)
      await sees(tab, 'status', 'signed-out')
    })
    afterEach(async () => {
      await profile.close()
      await world.close()
    })

    async function allow(at: Tab): Promise<void> {
      await at.click(world.userButton)
      await at.click(world.allowButton)
    }

    const itIfWhole = isWhole ? it : () => undefined
    itIfWhole('signs in by redirect, stays signed in, and signs by every method in every place', async () => {
      await tab.click('#sign-in')
      await allow(tab)
      await sees(tab, 'status', 'signed-in')
      expect(await tab.address()).toBe(`${world.origin}/albums`)
      await tab.reload()
      await sees(tab, 'status', 'signed-in')
      await tab.click('#call-api')
      await sees(tab, 'answer', 'alice')
      await tab.click('#sign-all')
      await sees(tab, 'answer', 'all accepted')
    })

    it('signs in by hand in a worker, and signs requests there', async () => {
      await tab.click('#start-worker')
      await expect.poll(() => tab.shows('answer')).toContain('oauth_token=')
      const provider = await profile.openTab((await tab.shows('answer')) ?? '')
      await allow(provider)
      await expect.poll(() => tab.shows('answer')).toBe('alice {"ä":1}, signed-in')
      expect([await tab.shows('error'), await tab.shows('status')]).toEqual(['', 'signed-out'])
    })

    it('signs in by popup', async () => {
      const popup = await tab.popup(() => tab.click('#sign-in-popup'))
      await expect.poll(() => popup.has(world.userButton)).toBe(true)
      await allow(popup)
      await sees(tab, 'status', 'signed-in')
      expect(await tab.shows('error')).toBe('')
    })
  })
}
