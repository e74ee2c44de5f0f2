// What users do to a session: reloads, back button, second tabs, closed popups, loops, foreign parameters.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { installClock, press, sees } from '../harness/browser.js'
import { e2eTest } from '../harness/e2e-test.js'
import { startEmbeddedServer, type EmbeddedServer } from '../harness/embedded-server.js'
import { listen } from '../harness/loopback.js'
import { startRecordingApi } from '../harness/recording-api.js'
import { alice, bob } from '../harness/users.js'
import type { World } from '../harness/world.js'

const it = e2eTest({ start: startEmbeddedServer })

/** Signs in up to the response, which is held back, so that no page has handled it yet. */
async function callbackUrl(world: World<EmbeddedServer>, page: Page): Promise<string> {
  let held: string | null = null
  world.server.dials.onResponse = (response) => {
    const location = response.headers.get('location')
    if (!location?.startsWith(`${world.app.origin}/?code=`)) return response
    held = location
    return new Response('held back')
  }
  await press(page, 'Sign in')
  await page.click(world.server.pages.userButton(alice))
  await expect.poll(() => held).not.toBeNull()
  world.server.dials.onResponse = undefined
  world.server.forget()
  return held ?? ''
}

describe('callback - invariant 1: one code exchange', () => {
  it('is redeemed once when the same URL is opened in two tabs at the same time, and both are signed in', async ({
    world,
    visitor,
    page,
  }) => {
    const url = await callbackUrl(world, page)
    const [here, there] = [await visitor.context.newPage(), await visitor.context.newPage()]
    await Promise.all([here.goto(url), there.goto(url)])
    for (const tab of [here, there]) await expect.poll(() => tab.getByTestId('status').textContent()).toBe('signed-in')
    expect(world.tokenRequests()).toBe(1)
    for (const tab of [here, there]) expect(tab.url()).toBe(`${world.app.origin}/`)
  })

  it('shows no error when a used callback URL is opened again', async ({ world, page }) => {
    const url = await callbackUrl(world, page)
    await page.goto(url)
    await sees(page, 'status', 'signed-in')
    await page.reload()
    await sees(page, 'status', 'signed-in')
    await page.goto(url)
    await sees(page, 'status', 'signed-in')
    await sees(page, 'error', '')
    expect(world.tokenRequests()).toBe(1)
    expect(page.url()).toBe(`${world.app.origin}/`)
  })

  it('reports a used callback URL to a signed-out user', async ({ world, page }) => {
    const url = await callbackUrl(world, page)
    await page.goto(url)
    await sees(page, 'status', 'signed-in')
    await press(page, 'Sign out here')
    await sees(page, 'status', 'signed-out')
    world.server.forget()
    await page.goto(url)
    await sees(page, 'error', 'mismatching_state')
    expect(world.tokenRequests()).toBe(0)
    expect(page.url()).toBe(`${world.app.origin}/`)
  })

  it('leaves another library’s "?code=&state=" on the page alone', async ({ world, page }) => {
    const foreign = `${world.app.origin}/?code=theirs&state=theirs`
    await page.goto(foreign)
    await sees(page, 'status', 'signed-out')
    await sees(page, 'error', '')
    expect(page.url()).toBe(foreign)
    expect(world.requestsOfApp()).toEqual([])
  })

  it('leaves "?code=" alone in a tab that left for a sign-in and did not come back within a day', async ({
    world,
    visitor,
    page,
  }) => {
    const coupon = `${world.app.origin}/?code=SUMMER25`
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    await visitor.context.addInitScript((shift) => (window.clockShift = shift), 24 * 3600 * 1000)
    world.server.forget()
    await page.goto(coupon)
    await sees(page, 'status', 'signed-out')
    await sees(page, 'error', '')
    expect(page.url()).toBe(coupon)
    expect(world.requestsOfApp()).toEqual([])
  })

  it.for(['/?code=theirs&state=theirs', '/?error=access_denied&state=theirs', '/#access_token=theirs&state=theirs'])(
    'leaves %s alone once the user has come back to the app without a response, and not before',
    async (path, { world, page }) => {
      await press(page, 'Sign in')
      await page.waitForSelector(world.server.pages.userButton(alice))
      await page.goto(world.app.origin + path)
      await sees(page, 'error', 'mismatching_state')
      expect(page.url()).toBe(`${world.app.origin}/`)
      await press(page, 'Sign in')
      await page.waitForSelector(world.server.pages.userButton(alice))
      await page.goto(world.app.origin)
      await sees(page, 'status', 'signed-out')
      world.server.forget()
      // Another document: a change of the fragment alone loads nothing.
      await page.goto('about:blank')
      await page.goto(world.app.origin + path)
      await sees(page, 'status', 'signed-out')
      await sees(page, 'error', '')
      expect(page.url()).toBe(world.app.origin + path)
      expect(world.requestsOfApp()).toEqual([])
    },
  )

  it('shows an error response without a "state" in the tab that waits for it', async ({ world, page }) => {
    // covers B-019
    await press(page, 'Sign in')
    await page.waitForSelector(world.server.pages.userButton(alice))
    await page.goto(`${world.app.origin}/?error=access_denied`)
    await sees(page, 'error', 'mismatching_state')
    expect(page.url()).toBe(`${world.app.origin}/`)
  })

  it('completes two sign-ins that two tabs began at once', async ({ world, page, user }) => {
    const other = await user.openTab()
    const tabs = [page, other]
    const button = world.server.pages.userButton(alice)
    await Promise.all(tabs.map((tab) => press(tab, 'Sign in')))
    await Promise.all(tabs.map((tab) => tab.waitForSelector(button)))
    await page.click(button)
    await sees(page, 'status', 'signed-in')
    // Its page was shown before the first tab had signed in: the server asks whether to go on as that user.
    await other.click(button)
    await other.getByRole('button', { name: 'Alice' }).click()
    await sees(other, 'status', 'signed-in')
    for (const tab of tabs) await sees(tab, 'error', '')
    expect(world.tokenRequests()).toBe(2)
  })

  it('returns the user to where they were (returnTo)', async ({ world, page, user }) => {
    const there = `${world.app.origin}/orders/7?state=open&scope=mine&code=FR&page=2#top`
    await page.goto(there)
    await sees(page, 'status', 'signed-out')
    await user.signIn()
    expect(page.url()).toBe(there)
  })
})

describe('popup - invariant 7', () => {
  it('notices within about two seconds that the user closed it', async ({ page, user }) => {
    await installClock(page)
    const popup = await user.openPopup()
    // The page has to see the popup open more than once.
    await page.clock.runFor(1000)
    await popup.close()
    await page.clock.runFor(2000)
    await sees(page, 'error', 'popup_closed')
    await sees(page, 'activity', 'idle')
  })

  it('does not mistake a Cross-Origin-Opener-Policy for closing', async ({ world, page, user }) => {
    world.server.dials.headers = { 'Cross-Origin-Opener-Policy': 'same-origin' }
    await installClock(page)
    const popup = await user.openPopup()
    await page.clock.runFor(60_000)
    await sees(page, 'activity', 'signing-in')
    await sees(page, 'error', '')
    await popup.click(world.server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
  })

  it('does not start the app in the popup: only the callback element is shown', async ({ world, page, user }) => {
    const popup = await user.openPopup()
    const seen: string[] = []
    popup.on(
      'framenavigated',
      () =>
        void popup.textContent('#root').then(
          (text) => seen.push(text ?? ''),
          () => undefined,
        ),
    )
    await Promise.all([popup.waitForEvent('close'), popup.click(world.server.pages.userButton(alice))])
    await sees(page, 'status', 'signed-in')
    expect(seen.filter((text) => text.includes('Sign in'))).toEqual([])
  })

  it('completes the sign-in if the page that opened it is gone, and all tabs see it', async ({ world, page, user }) => {
    await page.context().addInitScript(() => void (window.isOpenerGone = true))
    const other = await user.openTab()
    await sees(other, 'status', 'signed-out')
    const popup = await user.openPopup()
    await page.goto('about:blank')
    await popup.click(world.server.pages.userButton(alice))
    await sees(other, 'status', 'signed-in')
    expect(world.tokenRequests()).toBe(1)
  })

  it('falls back to a redirect when the popup is blocked and the app allows it', async ({ world, page }) => {
    await page.evaluate(() => {
      window.open = () => null
      const { client } = window as unknown as { client: { login(options: object): Promise<unknown> } }
      void client.login({ transport: 'popup', fallback: 'redirect' })
    })
    await page.click(world.server.pages.userButton(alice))
    await sees(page, 'name', alice.name)
  })

  it('closes when the attempt is aborted by its AbortSignal', async ({ world, page }) => {
    const opened = page.waitForEvent('popup')
    await page.evaluate(() => {
      const { client } = window as unknown as { client: { login(options: object): Promise<unknown> } }
      const controller = new AbortController()
      Object.assign(window, { controller })
      void client.login({ transport: 'popup', signal: controller.signal })
    })
    const popup = await opened
    await popup.waitForSelector(world.server.pages.userButton(alice))
    const closed = popup.waitForEvent('close')
    await page.evaluate(() => (window as unknown as { controller: AbortController }).controller.abort())
    await closed
    await sees(page, 'error', 'aborted')
    await sees(page, 'activity', 'idle')
  })

  it('accepts no response from an unexpected message', async ({ world, page, user }) => {
    // covers B-017
    const popup = await user.openPopup()
    const delivered = page.evaluate(async () => {
      const forged = { type: 'response', url: `${location.origin}/?code=forged&state=forged` }
      const channel = new BroadcastChannel('latchkey:response:forged')
      // Listeners are called in the order in which they were added: the page's own have had each message before these.
      const onChannel = new Promise((resolve) => channel.addEventListener('message', resolve, { once: true }))
      let messages = 0
      const onWindow = new Promise<void>((resolve) => window.addEventListener('message', () => ++messages === 2 && resolve()))
      window.postMessage(forged, '*')
      new BroadcastChannel('latchkey:response:forged').postMessage(forged)
      document.body.dataset['listens'] = 'true'
      await Promise.all([onChannel, onWindow])
    })
    await page.waitForSelector('[data-listens]')
    // The server's page cannot send one at all.
    expect(await popup.evaluate(() => window.opener === null)).toBe(true)
    await page.evaluate(() => window.postMessage({ type: 'response', url: 'https://evil.example/?code=forged' }, '*'))
    await delivered
    await sees(page, 'activity', 'signing-in')
    expect(world.tokenRequests()).toBe(0)
    await popup.click(world.server.pages.userButton(alice))
    await sees(page, 'name', alice.name)
  })
})

describe('silent sign-in by redirect of the whole page', () => {
  it('is tried once, and shows no error, if no user is signed in at the server', async ({ world, page }) => {
    world.configure({ silent: ['redirect'] })
    world.server.forget()
    await page.reload()
    await sees(page, 'status', 'signed-out')
    await sees(page, 'error', '')
    expect(world.server.seen.filter(({ path }) => path === '/authorize')).toHaveLength(1)
    await page.reload()
    await sees(page, 'status', 'signed-out')
    expect(world.server.seen.filter(({ path }) => path === '/authorize')).toHaveLength(1)
  })

  it('restores the session if the user is signed in at the server', async ({ world, page, user }) => {
    await user.signIn()
    await page.evaluate(async () => {
      const databases = await indexedDB.databases()
      await Promise.all(
        databases.map(({ name }) => new Promise((resolve) => (indexedDB.deleteDatabase(name ?? '').onsuccess = resolve))),
      )
    })
    world.configure({ silent: ['redirect'] })
    await page.goto(`${world.app.origin}/orders/7`)
    await sees(page, 'status', 'signed-in')
    expect(page.url()).toBe(`${world.app.origin}/orders/7`)
  })
})

describe('loops - invariant 9', () => {
  it('blocks no fourth sign-in after three that the user ended with the back button', async ({ world, page }) => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await press(page, 'Sign in')
      await page.waitForSelector(world.server.pages.userButton(alice))
      await page.goBack()
      await sees(page, 'status', 'signed-out')
      await sees(page, 'error', '')
    }
  })

  it('blocks no fourth sign-in by a click whose handler waits, before the code of a sign-in is loaded', async ({
    world,
    visitor,
    page,
  }) => {
    await visitor.context.addInitScript(() => {
      const shared = window as { client?: { login(): Promise<unknown> }; hasAsked?: boolean }
      const signIn = (): void => {
        shared.client?.login().catch(() => undefined)
        shared.hasAsked = true
      }
      addEventListener('click', () => setTimeout(signIn, 200))
    })
    await visitor.context.route(`${world.server.issuer}/authorize?*`, (route) => {
      const request = new URL(route.request().url())
      const state = request.searchParams.get('state') ?? ''
      const answer = new URLSearchParams({ error: 'server_error', state, iss: world.server.issuer })
      return route.fulfill({ status: 302, headers: { location: `${request.searchParams.get('redirect_uri')}?${answer}` } })
    })
    for (let attempt = 0; attempt < 5; attempt += 1) {
      let release: () => void = () => undefined
      const clicked = new Promise<void>((resolve) => (release = resolve))
      await visitor.context.route(/wire-sign-in.*\.js$/, async (route) => (await clicked, route.continue()))
      await page.goto(`${world.app.origin}/`)
      await sees(page, 'status', 'signed-out')
      await page.getByTestId('status').click()
      await page.waitForFunction(() => 'hasAsked' in window)
      release()
      await sees(page, 'error', 'authorization_error')
      await visitor.context.unroute(/wire-sign-in.*\.js$/)
    }
  })

  it('stops an app that signs in again whenever it is signed out, at the third redirect, and names the cause', async ({
    world,
    visitor,
    page,
  }) => {
    await visitor.context.addInitScript(() => {
      const timer = setInterval(() => {
        const { client } = window as {
          client?: { getSnapshot(): { status: string; activity: string; error?: { code: string } }; login(): void }
        }
        const state = client?.getSnapshot()
        if (state?.status !== 'signed-out' || state.activity !== 'idle') return
        if (state.error?.code === 'redirect_loop') return clearInterval(timer)
        client?.login()
      }, 50)
    })
    let redirects = 0
    await visitor.context.route(`${world.server.issuer}/authorize?*`, (route) => {
      redirects += 1
      const request = new URL(route.request().url())
      const answer = new URL(request.searchParams.get('redirect_uri') ?? '')
      answer.search = new URLSearchParams({
        error: 'temporarily_unavailable',
        state: request.searchParams.get('state') ?? '',
        iss: world.server.issuer,
      }).toString()
      return route.fulfill({ status: 302, headers: { location: answer.href } })
    })
    await page.reload()
    await sees(page, 'error', 'redirect_loop')
    expect(redirects).toBe(3)
    expect(await page.getByTestId('hint').textContent()).toContain('redirect URI')
    await installClock(page)
    await page.clock.runFor(60_000)
    await sees(page, 'error', 'redirect_loop')
    expect(redirects).toBe(3)
  })
})

describe('secure defaults - invariant 5', () => {
  it('keeps every secret out of URLs, the history, the Referer, the console and the document', async ({
    world,
    visitor,
    page,
    user,
  }) => {
    const places: string[] = []
    page.on('console', (message) => places.push(`console ${message.text()}`))
    visitor.context.on('request', (request) => {
      const { referer } = request.headers()
      // The page's own files are requested before any script runs.
      const isOwn = new URL(request.url()).origin === world.app.origin
      if (referer && !isOwn) places.push(`referer ${referer}`)
      if (!request.isNavigationRequest()) places.push(`url ${request.url()}`)
    })
    let code = ''
    world.server.dials.onRequest = async (request) => {
      if (request.method === 'POST' && request.url.endsWith('/token'))
        code = new URLSearchParams(await request.clone().text()).get('code') ?? code

      return request
    }
    await user.signIn()
    await press(page, 'Call the API')
    await sees(page, 'answer', `200 {"sub":"${alice.sub}"}`)
    const secrets = await page.evaluate(() => {
      const { client } = window as unknown as { client: { getTokenSet(): Record<string, string> } }
      const { accessToken = '', refreshToken = '', idToken = '' } = client.getTokenSet()
      return [accessToken, refreshToken, idToken]
    })
    places.push(`document ${await page.content()}`, `address ${page.url()}`)
    places.push(`session storage ${await page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage))}`)
    expect([...secrets, code].every((secret) => secret.length > 10)).toBe(true)
    for (const secret of [...secrets, code]) expect(places.filter((place) => place.includes(secret))).toEqual([])
  })

  it('does not send the token when the API redirects to another origin', async ({ world, visitor, page, user }) => {
    await user.signIn()
    const elsewhere = await listen()
    const seen: Array<string | undefined> = []
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' }
    elsewhere.serve((request, response) => {
      if (request.method === 'GET') seen.push(request.headers.authorization)
      response.writeHead(200, cors).end('elsewhere')
    })
    await visitor.context.route(world.api.url, (route) =>
      route.fulfill({ status: 302, headers: { ...cors, location: `http://127.0.0.1:${elsewhere.port}/` } }),
    )
    await press(page, 'Call the API')
    await sees(page, 'answer', '200 elsewhere')
    expect(seen).toEqual([undefined])
    await elsewhere.close()
  })

  it.for(['query', 'body'] as const)(
    'follows no redirect with the token in the %s: the other origin is not even asked (RFC 6750, section 5.3)',
    async (tokenPlacement, { world, page, user }) => {
      const elsewhere = await startRecordingApi()
      const api = await startRecordingApi((search) => elsewhere.url + search)
      world.configure({ api: api.url, tokenPlacement })
      await page.reload()
      await user.signIn()
      await press(page, 'Write to the API')
      await sees(page, 'answer', 'invalid_response')
      // The API received the token, so the other server could have received one.
      expect(api.calls.map(({ search, body }) => (search + body).includes('access_token='))).toEqual([true])
      expect(elsewhere.calls).toEqual([])
      await Promise.all([api.close(), elsewhere.close()])
    },
  )

  it('sends nothing to a URL that is not in the resources', async ({ world, page, user }) => {
    await user.signIn()
    world.server.forget()
    const urls = [`${world.server.issuer}/userinfo`, '//127.0.0.1:1/', 'https://evil.example/', `${world.api.url}@evil.example/`]
    const codes = await page.evaluate(async (places) => {
      const { client } = window as unknown as { client: { fetch(url: string): Promise<Response> } }
      const ask = (url: string): Promise<string | undefined> =>
        client.fetch(url).then(
          () => 'sent',
          (error: { code?: string }) => error.code,
        )
      return Promise.all(places.map(ask))
    }, urls)
    expect(codes).toEqual(urls.map(() => 'resource_not_allowed'))
    expect(world.requestsOfApp()).toEqual([])
  })
})

describe('tabs - invariant 10', () => {
  it('sees the sign-out of one tab in the other by a message, with no timer', async ({ page, user }) => {
    await user.signIn()
    const other = await user.openTab()
    await sees(other, 'status', 'signed-in')
    await installClock(page)
    await page.clock.pauseAt(Date.now() + 60_000)
    await press(page, 'Sign out here')
    await sees(other, 'status', 'signed-out')
    await sees(other, 'name', '')
  })

  it('switches all tabs to the second user, without data of the first', async ({ world, page, user }) => {
    await user.signIn()
    const other = await user.openTab()
    await press(other, 'Show the profile')
    await sees(other, 'own-data', `{"sub":"${alice.sub}"}`)
    const opened = page.waitForEvent('popup')
    await press(page, 'Sign in as another user by popup')
    const popup = await opened
    await Promise.all([popup.waitForEvent('close'), popup.click(world.server.pages.userButton(bob))])
    await sees(other, 'name', bob.name)
    await sees(other, 'own-data', `{"sub":"${bob.sub}"}`)
  })
})
