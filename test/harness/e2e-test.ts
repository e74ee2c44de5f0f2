// The test function of the end-to-end tests: each test gets an app, a server, an API, and a page that shows the app.
import type { Browser, Page } from 'playwright-core'
import { expect, test as base } from 'vitest'
import type { AppSettings } from './app-host.js'
import type { AppRegistration, TestAuthorizationServer } from './authorization-server.js'
import { launchChromium, press, sees, visit, type ChromiumOptions, type Visitor } from './browser.js'
import { alice, type User } from './users.js'
import { createWorld, type World } from './world.js'

export interface E2eOptions<Server extends TestAuthorizationServer> extends ChromiumOptions {
  readonly start: (app: AppRegistration) => Promise<Server>
  readonly settings?: Partial<AppSettings>
}

/** What a user does with the fixture app. */
export interface AppUser {
  /** Signs in by redirect. */
  signIn(user?: User): Promise<void>
  /** Presses a button that opens a popup, and signs in there. */
  signInByPopup(button: string, user?: User): Promise<void>
  /** Presses the button that opens a popup. Resolves when the sign-in page has loaded there. */
  openPopup(): Promise<Page>
  /** Opens the app in another tab. */
  openTab(): Promise<Page>
}

export interface E2eFixtures<Server extends TestAuthorizationServer> {
  readonly browser: Browser
  readonly world: World<Server>
  readonly visitor: Visitor
  /** The fixture app, signed out. */
  readonly page: Page
  readonly user: AppUser
}

/** Creates the test function of one file, or of one server in it. */
export function e2eTest<Server extends TestAuthorizationServer>(options: E2eOptions<Server>) {
  return base.extend<E2eFixtures<Server>>({
    browser: [
      async ({}, provide) => {
        const browser = await launchChromium(options)
        await provide(browser)
        await browser.close()
      },
      { scope: 'file' },
    ],
    world: async ({}, provide) => {
      const world = await createWorld(options.start)
      world.configure(options.settings ?? {})
      await provide(world)
      await world.close()
    },
    visitor: async ({ browser, world }, provide) => {
      const visitor = await visit(browser, world.app.origin)
      await sees(visitor.page, 'status', 'signed-out')
      await provide(visitor)
      await visitor.context.close()
      // Invariant 12: every failure is handled and shown; none reaches the window.
      expect(visitor.unhandled).toEqual([])
    },
    page: async ({ visitor }, provide) => provide(visitor.page),
    user: async ({ world, visitor }, provide) => provide(createUser(world, visitor)),
  })
}

function createUser(world: World, { context, page }: Visitor): AppUser {
  const { userButton } = world.server.pages
  return {
    async signIn(user = alice) {
      await press(page, 'Sign in')
      await page.click(userButton(user))
      await sees(page, 'status', 'signed-in')
    },
    async signInByPopup(button, user = alice) {
      const popup = await openedBy(page, button)
      await Promise.all([popup.waitForEvent('close'), popup.click(userButton(user))])
    },
    async openPopup() {
      const popup = await openedBy(page, 'Sign in by popup')
      await popup.waitForSelector(userButton(alice))
      return popup
    },
    async openTab() {
      const tab = await context.newPage()
      await tab.goto(world.app.origin)
      return tab
    },
  }
}

async function openedBy(page: Page, button: string): Promise<Page> {
  const opened = page.waitForEvent('popup')
  await press(page, button)
  return opened
}
