// The main job in real Chromium, with the packages as they are published, against the embedded server and against oidc-provider.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium, press, sees, visit } from '../harness/browser.js'
import type { Visitor } from '../harness/browser.js'
import type { StartAuthorizationServer } from '../harness/authorization-server.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { startOidcProvider } from '../harness/oidc-provider-server.js'
import { alice, bob } from '../harness/users.js'
import type { User } from '../harness/users.js'
import { createWorld } from '../harness/world.js'
import type { World } from '../harness/world.js'
import { readTraces } from './traces.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const servers: ReadonlyArray<{ readonly name: string; readonly start: StartAuthorizationServer }> = [
  { name: 'the embedded server', start: startEmbeddedServer },
  { name: 'oidc-provider', start: startOidcProvider },
]

describe.each(servers)('main flows at $name', ({ start }) => {
  let world: World
  let visitor: Visitor
  let page: Page
  beforeEach(async () => {
    world = await createWorld(start)
    visitor = await visit(browser, world.app.origin)
    page = visitor.page
    await sees(page, 'status', 'signed-out')
  })
  afterEach(async () => {
    await visitor.context.close()
    await world.close()
    expect(visitor.unhandled).toEqual([])
  })

  async function signIn(user: User): Promise<void> {
    await press(page, 'Sign in')
    await page.click(world.server.pages.userButton(user))
    await sees(page, 'status', 'signed-in')
  }

  async function signOut(): Promise<void> {
    await pageLoads(() => press(page, 'Sign out'))
    const { signOutButton } = world.server.pages
    if (signOutButton) await pageLoads(() => page.click(signOutButton))
    expect(new URL(page.url()).origin).toBe(world.app.origin)
  }

  async function pageLoads(action: () => Promise<void>): Promise<void> {
    const loaded = page.waitForEvent('load')
    await action()
    await loaded
  }

  /** Presses a button that opens a popup, and signs in there. */
  async function signInByPopup(button: string, user: User): Promise<void> {
    const opened = page.waitForEvent('popup')
    await press(page, button)
    const popup = await opened
    await Promise.all([popup.waitForEvent('close'), popup.click(world.server.pages.userButton(user))])
  }

  it('signs in by redirect; the callback costs one request', async () => {
    // covers A-031, B-013, B-014
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    world.server.forget()
    await page.click(world.server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
    expect(world.requestsOfApp()).toEqual(['POST /token'])
    // Invariant 5: the code is gone from the address bar and from the history.
    expect(page.url()).toBe(`${world.app.origin}/`)
  })

  it('signs in by popup', async () => {
    await signInByPopup('Sign in by popup', alice)
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
  })

  it('signs in by popup through the small callback page', async () => {
    world.configure({ popupRedirectUri: `${world.app.origin}/callback.html` })
    await page.reload()
    await signInByPopup('Sign in by popup', alice)
    await sees(page, 'name', alice.name)
  })

  it('signs in by popup when the pages there cut window.opener (Cross-Origin-Opener-Policy: same-origin)', async () => {
    world.server.dials.headers = { 'Cross-Origin-Opener-Policy': 'same-origin' }
    await signInByPopup('Sign in by popup', alice)
    await sees(page, 'name', alice.name)
  })

  it('shows the stored session after a reload without a request', async () => {
    //
    await signIn(alice)
    world.server.forget()
    await page.reload()
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
    await page.waitForTimeout(500)
    expect(world.server.seen).toEqual([])
  })

  it('calls the API; the token goes along', async () => {
    //
    await signIn(alice)
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    expect(world.api.calls).toHaveLength(1)
  })

  it('refreshes an expired access token once before the API is called', async () => {
    world.server.dials.accessTokenLifetime = 4
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    world.server.forget()
    await page.click(world.server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
    world.server.dials.accessTokenLifetime = 3600
    await page.waitForTimeout(4500)
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    // One for the code, one for the refresh token.
    expect(world.requestsOfApp()).toEqual(['POST /token', 'POST /token'])
    expect(world.api.calls).toHaveLength(1)
  })

  it('signs out at the server too, and leaves nothing of the first user to the second', async () => {
    // covers B-049
    await signIn(alice)
    await press(page, 'Show the profile')
    await sees(page, 'email', alice.email)
    await signOut()
    await sees(page, 'status', 'signed-out')
    expect(await readTraces(page, alice)).toEqual([])

    await signIn(bob)
    await press(page, 'Show the profile')
    await sees(page, 'name', bob.name)
    await sees(page, 'email', bob.email)
    await sees(page, 'own-data', `{"sub":"${bob.sub}"}`)
    expect(await readTraces(page, alice)).toEqual([])
  })

  it('leaves nothing of the first user when a second one signs in over them, without a reload', async () => {
    await signIn(alice)
    await press(page, 'Show the profile')
    await sees(page, 'own-data', `{"sub":"${alice.sub}"}`)
    expect(await readTraces(page, alice)).not.toEqual([])

    await signInByPopup('Sign in as another user by popup', bob)
    await sees(page, 'name', bob.name)
    await sees(page, 'own-data', `{"sub":"${bob.sub}"}`)
    expect(await readTraces(page, alice)).toEqual([])
  })
})
