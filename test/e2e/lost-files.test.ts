// A deployment has replaced the app's files: what the open page has not loaded yet is gone.
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
  browser = await launchChromium()
})
afterAll(() => browser.close())

let world: World<EmbeddedServer>
let visitor: Visitor
let page: Page
beforeEach(async () => {
  world = await createWorld(startEmbeddedServer)
  world.configure({ checksClaims: true })
  visitor = await visit(browser, world.app.origin)
  page = visitor.page
  await sees(page, 'status', 'signed-out')
})
afterEach(async () => {
  await visitor.context.close()
  await world.close()
  expect(visitor.unhandled).toEqual([])
})

/** Of the app's scripts those that its page names are left, and what they import at once. @returns what was asked for in vain */
async function loseLazyFiles(): Promise<string[]> {
  const names = await page.evaluate(() => [
    ...Array.from(document.querySelectorAll('script[src]'), (script) => script.getAttribute('src') ?? ''),
    ...Array.from(document.querySelectorAll('link[rel=modulepreload]'), (link) => link.getAttribute('href') ?? ''),
  ])
  const html = await (await fetch(world.app.origin)).text()
  const initial = names.filter((name) => html.includes(name))
  const lost: string[] = []
  await visitor.context.route(/\.js$/, (route) => {
    const { pathname } = new URL(route.request().url())
    if (initial.includes(pathname)) return route.continue()
    lost.push(pathname)
    return route.fulfill({ status: 404, body: 'gone' })
  })
  return lost
}

describe('files that are gone after a deployment', () => {
  it('sign nobody out: a stored session, with a schema for the claims, is shown without them (issue 3.9)', async () => {
    await press(page, 'Sign in')
    await page.click(world.server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
    const lost = await loseLazyFiles()
    await page.reload()
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
    await press(page, 'Sign out here')
    await sees(page, 'status', 'signed-out')
    await press(page, 'Sign in')
    await sees(page, 'error', 'module_load_failed')
    expect(lost).not.toEqual([])
  })
})
