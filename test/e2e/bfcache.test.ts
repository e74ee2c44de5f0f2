// Pages that the browser freezes and restores (back/forward cache). Playwright turns it off by default.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { press, sees } from '../harness/browser.js'
import { e2eTest } from '../harness/e2e-test.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import type { World } from '../harness/world.js'

const it = e2eTest({ start: startEmbeddedServer, backForwardCache: true })

/** Makes the page record whether it was restored. */
async function watchRestoring(page: Page): Promise<void> {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => (document.body.dataset['persisted'] = String(persisted)))
  })
}

/** Playwright misses events of a restored page, so the page itself records them. */
async function goBack(page: Page): Promise<void> {
  const left = await page.evaluate(() => location.href)
  await page.evaluate(() => history.back()).catch(leftThePage)
  await expect.poll(() => page.evaluate(() => location.href).catch(leftThePage)).not.toBe(left)
}

async function goBackToApp(page: Page): Promise<void> {
  await goBack(page)
  const persisted = (): Promise<string | undefined> => page.evaluate(() => document.body.dataset['persisted']).catch(leftThePage)
  await expect.poll(persisted, { message: 'the page was brought back as it was' }).toBe('true')
}

function leftThePage(): undefined {
  return undefined
}

const elsewhere = (world: World): string => `${world.server.issuer}/.well-known/openid-configuration`

describe('a page restored from the back/forward cache', () => {
  it('refreshes an expired token at once, with one request', async ({ world, page, user }) => {
    world.server.dials.accessTokenLifetime = 600
    await user.signIn()
    await watchRestoring(page)
    await world.elapseInCache(700_000, page)
    await page.goto(elsewhere(world))
    world.server.forget()
    await goBackToApp(page)
    await expect.poll(() => world.tokenRequests()).toBe(1)
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    expect(world.tokenRequests()).toBe(1)
  })

  it('offers the sign-in again after the user returned from the sign-in page', async ({ world, page, user }) => {
    await watchRestoring(page)
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    await goBackToApp(page)
    await sees(page, 'activity', 'idle')
    await sees(page, 'error', '')
    // The tab no longer waits for a response: parameters that look like one belong to the app.
    await page.goto(`${world.app.origin}/?code=SUMMER25`)
    await sees(page, 'status', 'signed-out')
    await sees(page, 'error', '')
    expect(page.url()).toBe(`${world.app.origin}/?code=SUMMER25`)
    await user.signIn()
    expect(world.tokenRequests()).toBe(1)
  })

  it('is signed out after a sign-out in another tab', async ({ world, visitor, page, user }) => {
    await user.signIn()
    await page.goto(elsewhere(world))
    const other = await visitor.context.newPage()
    await other.goto(world.app.origin)
    await sees(other, 'status', 'signed-in')
    await press(other, 'Sign out here')
    await sees(other, 'status', 'signed-out')
    // A message to a page in the cache makes Chromium discard it. It is then loaded again, with the same result.
    await goBack(page)
    await sees(page, 'status', 'signed-out')
  })

  it('keeps the user signed in after the back button, without an error or a second code', async ({ world, page, user }) => {
    await user.signIn()
    await goBack(page)
    // The user is signed in at the server by now, so its page redirects at once with a new code for the same request.
    const button = page.locator(world.server.pages.userButton(alice))
    await expect.poll(async () => (await button.count()) > 0 || page.url().startsWith(world.app.origin)).toBe(true)
    if ((await button.count()) > 0) await button.click()
    await page.waitForURL((url) => url.origin === world.app.origin)
    await sees(page, 'status', 'signed-in')
    await sees(page, 'error', '')
    expect(world.tokenRequests()).toBe(1)
    expect(page.url()).toBe(`${world.app.origin}/`)
  })
})
