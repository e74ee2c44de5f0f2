import type { Page } from 'puppeteer-core'
import { expect } from 'vitest'
import { alice } from '../harness/users.js'
import type { StressWorld } from './stress-world.js'

/** @returns undefined while the page loads */
export const status = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => window.stress?.client.getSnapshot().status).catch(() => undefined)

/** Signs in by redirect. */
export async function signIn(page: Page, world: StressWorld): Promise<void> {
  await expect.poll(() => status(page)).toBe('signed-out')
  await page.evaluate(() => void window.stress.client.login()).catch(() => undefined)
  const button = world.server.pages.userButton(alice)
  // The server knows the user from the second sign-in on.
  const signedIn = async (): Promise<string | undefined> => {
    const found = await page.$(button).catch(() => null)
    await found?.click().catch(() => undefined)
    return status(page)
  }
  await expect.poll(signedIn).toBe('signed-in')
}
