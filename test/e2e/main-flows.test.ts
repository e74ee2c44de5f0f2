// The main job in real Chromium, with the packages as they are published, against the embedded server and against oidc-provider.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { recordMeasure } from '../gate/measures.mjs'
import { press, sees } from '../harness/browser.js'
import type { StartAuthorizationServer } from '../harness/authorization-server.js'
import { e2eTest } from '../harness/e2e-test.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { startOidcProvider } from '../harness/oidc-provider-server.js'
import { alice, bob } from '../harness/users.js'
import type { World } from '../harness/world.js'
import { readTraces } from './traces.js'

const servers: ReadonlyArray<{ readonly name: string; readonly start: StartAuthorizationServer }> = [
  { name: 'the embedded server', start: startEmbeddedServer },
  { name: 'oidc-provider', start: startOidcProvider },
]
// Chromium as users have it at one of them, the headless shell at the other.
const cases = servers.map(({ name, start }) => ({ name, it: e2eTest({ start, hasWindows: start === startOidcProvider }) }))

describe.each(cases)('main flows at $name', ({ it }) => {
  async function signOut(page: Page, world: World): Promise<void> {
    await pageLoads(page, () => press(page, 'Sign out'))
    const { signOutButton } = world.server.pages
    if (signOutButton) await pageLoads(page, () => page.click(signOutButton))
    expect(new URL(page.url()).origin).toBe(world.app.origin)
  }

  async function pageLoads(page: Page, action: () => Promise<void>): Promise<void> {
    const loaded = page.waitForEvent('load')
    await action()
    await loaded
  }

  it('signs in by redirect; the callback costs one request', async ({ world, page }) => {
    // covers A-031, B-013, B-014
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    world.server.forget()
    await page.click(world.server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
    recordMeasure('requests-callback', world.requestsOfApp().length, 1)
    expect(world.requestsOfApp()).toEqual(['POST /token'])
    // Invariant 5: the code is gone from the address bar and from the history.
    expect(page.url()).toBe(`${world.app.origin}/`)
  })

  it('signs in by popup', async ({ page, user }) => {
    await user.signInByPopup('Sign in by popup', alice)
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
  })

  it('signs in by popup through the small callback page', async ({ world, page, user }) => {
    world.configure({ popupRedirectUri: `${world.app.origin}/callback.html` })
    await page.reload()
    await user.signInByPopup('Sign in by popup', alice)
    await sees(page, 'name', alice.name)
  })

  it('signs in by popup when the pages there cut window.opener (Cross-Origin-Opener-Policy: same-origin)', async ({
    world,
    page,
    user,
  }) => {
    // covers B-017
    world.server.dials.headers = { 'Cross-Origin-Opener-Policy': 'same-origin' }
    await user.signInByPopup('Sign in by popup', alice)
    await sees(page, 'name', alice.name)
  })

  it('shows the stored session after a reload without a request', async ({ world, page, user }) => {
    //
    await user.signIn(alice)
    world.server.forget()
    await page.reload()
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
    const requests = await world.requestsWithin(page, 60_000)
    recordMeasure('requests-reload', requests.length, 0)
    expect(requests).toEqual([])
  })

  it('calls the API with the token', async ({ world, page, user }) => {
    //
    await user.signIn(alice)
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    expect(world.api.calls).toHaveLength(1)
  })

  it('refreshes an expired access token once before the API is called', async ({ world, page }) => {
    world.server.dials.accessTokenLifetime = 600
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    world.server.forget()
    await page.click(world.server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
    await world.elapse(700_000, [page])
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    recordMeasure('requests-expired', world.tokenRequests() - 1, 1)
    // One for the code, one for the refresh token.
    expect(world.requestsOfApp()).toEqual(['POST /token', 'POST /token'])
    expect(world.api.calls).toHaveLength(1)
  })

  it('signs out at the server too, and shows nothing of the first user to the second', async ({ world, page, user }) => {
    // covers B-049
    await user.signIn(alice)
    await press(page, 'Show the profile')
    await sees(page, 'email', alice.email)
    await signOut(page, world)
    await sees(page, 'status', 'signed-out')
    expect(await readTraces(page, alice)).toEqual([])

    await user.signIn(bob)
    await press(page, 'Show the profile')
    await sees(page, 'name', bob.name)
    await sees(page, 'email', bob.email)
    await sees(page, 'own-data', `{"sub":"${bob.sub}"}`)
    expect(await readTraces(page, alice)).toEqual([])
  })

  it('signs out at the server by popup, without leaving the page', async ({ world, page, user }) => {
    await user.signIn(alice)
    const opened = page.waitForEvent('popup')
    const signedOut = page.evaluate(() =>
      (window as unknown as { client: { logout(options: object): Promise<unknown> } }).client.logout({ transport: 'popup' }),
    )
    const popup = await opened
    const { signOutButton } = world.server.pages
    if (signOutButton) await popup.click(signOutButton)
    expect(await signedOut).toEqual({ local: true, provider: true })
    await expect.poll(() => popup.isClosed()).toBe(true)
    await sees(page, 'status', 'signed-out')
    // The server asks again who the user is.
    await user.signIn(bob)
    await sees(page, 'name', bob.name)
  })

  it('shows nothing of the first user when a second one signs in without a reload', async ({ page, user }) => {
    await user.signIn(alice)
    await press(page, 'Show the profile')
    await sees(page, 'own-data', `{"sub":"${alice.sub}"}`)
    expect(await readTraces(page, alice)).not.toEqual([])

    await user.signInByPopup('Sign in as another user by popup', bob)
    await sees(page, 'name', bob.name)
    await sees(page, 'own-data', `{"sub":"${bob.sub}"}`)
    expect(await readTraces(page, alice)).toEqual([])
  })
})
