import { expect } from 'vitest'
import { findChromium, findFirefox, findWebKit } from '../gate/browsers.mjs'
import type { LaunchEngine, Tab } from '../engines/engine.js'
import { launchPuppeteer } from '../engines/puppeteer-engine.js'
import { launchWebKit } from '../engines/webkit-engine.js'
import { alice } from '../harness/users.js'
import type { StressWorld } from './stress-world.js'

/** The engines that this machine has. */
export const engines: ReadonlyArray<readonly [name: string, launch: LaunchEngine]> = [
  ...(findChromium() ? [['Chromium', () => launchPuppeteer('chrome')] as const] : []),
  ...(findFirefox() ? [['Firefox', () => launchPuppeteer('firefox')] as const] : []),
  ...(findWebKit() ? [['WebKit', launchWebKit] as const] : []),
]

/** @returns undefined while the page loads */
export const statusOf = async (tab: Tab): Promise<string | undefined> => (await tab.shows('status')) || undefined

/** Signs in by redirect. */
export async function signInTab(tab: Tab, world: StressWorld): Promise<void> {
  await expect.poll(() => statusOf(tab)).toBe('signed-out')
  // Later, because the page that runs it must not leave before it has responded.
  await tab.run('setTimeout(() => void window.stress.client.login(), 50)')
  const button = world.server.pages.userButton(alice)
  // The server knows the user from the second sign-in on.
  const signedIn = async (): Promise<string | undefined> => {
    if (await tab.has(button)) await tab.click(button)
    return statusOf(tab)
  }
  await expect.poll(signedIn).toBe('signed-in')
}

/** Brings the tab to the front. */
export const show = (tab: Tab): Promise<void> => tab.click('[data-testid="status"]')
