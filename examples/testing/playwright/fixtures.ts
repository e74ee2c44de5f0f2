import { routePage, type TestServer } from '@latchkey/react/testing'
import { test as base } from '@playwright/test'
import { createServer } from '../src/test-server'

interface Fixtures {
  /** Replaces the app's authorization server and API, for this page. */
  readonly server: TestServer
  /** Opens the app and signs a user in. */
  readonly signIn: (user?: string) => Promise<void>
}

export const test = base.extend<Fixtures>({
  server: async ({ context }, use) => {
    const server = createServer()
    await routePage(context, server)
    await use(server)
  },
  signIn: async ({ page, server }, use) => {
    await use(async (user = 'alice') => {
      server.user = user
      await page.goto('/')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    })
  },
})
export { expect } from '@playwright/test'
