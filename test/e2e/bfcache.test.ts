// Pages that the browser puts away whole and brings back as they were (back/forward cache). Playwright turns it off unless told.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium, press, sees, visit } from '../harness/browser.js'
import type { Visitor } from '../harness/browser.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import type { EmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import { createWorld } from '../harness/world.js'
import type { World } from '../harness/world.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium({ backForwardCache: true })
})
afterAll(() => browser.close())

let world: World<EmbeddedServer>
let visitor: Visitor
let page: Page
beforeEach(async () => {
  world = await createWorld(startEmbeddedServer)
  visitor = await visit(browser, world.app.origin)
  page = visitor.page
  await sees(page, 'status', 'signed-out')
})
afterEach(async () => {
  await visitor.context.close()
  await world.close()
  expect(visitor.unhandled).toEqual([])
})

async function signIn(): Promise<void> {
  await press(page, 'Sign in')
  await page.click(world.server.pages.userButton(alice))
  await sees(page, 'status', 'signed-in')
}

const tokenRequests = (): number => world.requestsOfApp().filter((request) => request === 'POST /token').length

/** Makes the page say whether it was brought back as it was. */
async function watchRestoring(): Promise<void> {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => (document.body.dataset['persisted'] = String(persisted)))
  })
}

/** Playwright loses count of events over a restored page: what the page says counts. */
async function goBack(): Promise<void> {
  const left = await page.evaluate(() => location.href)
  await page.evaluate(() => history.back()).catch(leftThePage)
  await expect.poll(() => page.evaluate(() => location.href).catch(leftThePage), { timeout: 10_000 }).not.toBe(left)
}

async function goBackToApp(): Promise<void> {
  await goBack()
  const persisted = (): Promise<string | undefined> => page.evaluate(() => document.body.dataset['persisted']).catch(leftThePage)
  await expect.poll(persisted, { message: 'the page was brought back as it was' }).toBe('true')
}

function leftThePage(): undefined {
  return undefined
}

const elsewhere = (): string => `${world.server.issuer}/.well-known/openid-configuration`

describe('a page out of the back/forward cache', () => {
  it('renews at once what expired meanwhile, with one request', async () => {
    world.server.dials.accessTokenLifetime = 4
    await signIn()
    world.server.dials.accessTokenLifetime = 3600
    await watchRestoring()
    await page.goto(elsewhere())
    await page.waitForTimeout(5000)
    world.server.forget()
    await goBackToApp()
    await expect.poll(tokenRequests).toBe(1)
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    expect(tokenRequests()).toBe(1)
  })

  it('offers the sign-in again to a person who came back from the sign-in page', async () => {
    await watchRestoring()
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    await goBackToApp()
    await sees(page, 'activity', 'idle')
    await sees(page, 'error', '')
    // The tab waits for no answer any more: what looks like one is the app's own.
    await page.goto(`${world.app.origin}/?code=SUMMER25`)
    await sees(page, 'status', 'signed-out')
    await sees(page, 'error', '')
    expect(page.url()).toBe(`${world.app.origin}/?code=SUMMER25`)
    await signIn()
    expect(tokenRequests()).toBe(1)
  })

  it('knows of a sign-out in another tab', async () => {
    await signIn()
    await page.goto(elsewhere())
    const other = await visitor.context.newPage()
    await other.goto(world.app.origin)
    await sees(other, 'status', 'signed-in')
    await press(other, 'Sign out here')
    await sees(other, 'status', 'signed-out')
    // A message to a page that was put away makes Chromium drop it: then it is loaded anew, which must come out the same.
    await goBack()
    await sees(page, 'status', 'signed-out')
  })

  it('answers the back button after a sign-in with the person still signed in, no error and no second code', async () => {
    await signIn()
    await goBack()
    // The server knows the person by now, so that its page sends them back at once with a new code for the same request.
    const button = page.locator(world.server.pages.userButton(alice))
    await expect.poll(async () => (await button.count()) > 0 || page.url().startsWith(world.app.origin)).toBe(true)
    if ((await button.count()) > 0) await button.click()
    await page.waitForURL((url) => url.origin === world.app.origin)
    await sees(page, 'status', 'signed-in')
    await sees(page, 'error', '')
    expect(tokenRequests()).toBe(1)
    expect(page.url()).toBe(`${world.app.origin}/`)
  })
})
