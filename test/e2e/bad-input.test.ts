// One broken rule at a time, in real Chromium: a typed error with its hint is shown, nothing loops, and the next attempt works.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium, press, sees, visit } from '../harness/browser.js'
import type { Visitor } from '../harness/browser.js'
import { signAgain, startEmbeddedServer } from '../harness/embedded-server.js'
import type { EmbeddedDials, EmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import { createWorld } from '../harness/world.js'
import type { World } from '../harness/world.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe('bad input', () => {
  let world: World<EmbeddedServer>
  let dials: EmbeddedDials
  let visitor: Visitor
  let page: Page
  beforeEach(async () => {
    world = await createWorld(startEmbeddedServer)
    dials = world.server.dials
    visitor = await visit(browser, world.app.origin)
    page = visitor.page
    await sees(page, 'status', 'signed-out')
  })
  afterEach(async () => {
    await visitor.context.close()
    await world.close()
    // Invariant 12: every failure is handled and shown, none is left to the window.
    expect(visitor.unhandled).toEqual([])
  })

  /** Signs in up to the server's page and, with the user's click, back to the app. */
  async function goThere(): Promise<void> {
    await press(page, 'Sign in')
    await page.click(world.server.pages.userButton(alice))
  }

  async function seesError(code: string): Promise<void> {
    await sees(page, 'error', code)
    expect(await page.getByTestId('hint').textContent()).not.toBe('')
    await sees(page, 'status', 'signed-out')
    await sees(page, 'activity', 'idle')
  }

  /** Invariant 9: nothing goes on by itself. Then the server is mended, and the same button works. */
  async function worksOnTheNextTry(): Promise<void> {
    world.server.forget()
    await page.waitForTimeout(1000)
    expect(world.server.seen).toEqual([])
    dials.isUnreachable = false
    dials.onRequest = dials.onResponse = undefined
    await press(page, 'Sign in')
    // The server may know the user from the first attempt, and ask nothing.
    const button = page.locator(world.server.pages.userButton(alice))
    await button
      .or(page.getByText('signed-in', { exact: true }))
      .first()
      .waitFor()
    if (await button.isVisible()) await button.click()
    await sees(page, 'name', alice.name)
    await sees(page, 'error', '')
  }

  /** Changes the JSON of the answers under a path. */
  function changeJson(path: string, change: (body: Record<string, string>) => unknown): void {
    dials.onResponse = async (response, request) => {
      if (new URL(request.url).pathname !== path || request.method === 'OPTIONS') return response
      const body = (await response.json()) as Record<string, string>
      return new Response(JSON.stringify(await change(body)), response)
    }
  }

  it('shows "network" when the issuer cannot be reached', async () => {
    dials.isUnreachable = true
    await press(page, 'Sign in')
    await seesError('network')
    await worksOnTheNextTry()
  })

  it('shows "issuer_mismatch" when the metadata names another issuer', async () => {
    // covers B-041
    changeJson('/.well-known/openid-configuration', (body) => ({ ...body, issuer: 'https://other.example.com' }))
    await press(page, 'Sign in')
    await seesError('issuer_mismatch')
    await worksOnTheNextTry()
  })

  it('shows "authorization_error" when the user says no', async () => {
    // covers A-056, B-015
    await press(page, 'Sign in')
    await page.click(world.server.pages.denyButton)
    await seesError('authorization_error')
    await worksOnTheNextTry()
  })

  it('shows "mismatching_state" when the answer carries another state, and sends no request', async () => {
    // covers, B-019
    dials.onResponse = (response) => {
      const location = response.headers.get('location')
      const url = location?.startsWith(world.app.origin) ? new URL(location) : undefined
      const state = url?.searchParams.get('state')
      if (!url || !state) return response
      url.searchParams.set('state', state.slice(0, -4) + (state.endsWith('AAAA') ? 'BBBB' : 'AAAA'))
      return new Response(null, { status: response.status, headers: { location: url.href } })
    }
    await goThere()
    await seesError('mismatching_state')
    expect(world.requestsOfApp()).not.toContain('POST /token')
    await worksOnTheNextTry()
  })

  it('shows "invalid_id_token" when the nonce is another one', async () => {
    //
    dials.onRequest = (request) => {
      const url = new URL(request.url)
      if (url.pathname !== '/authorize' || !url.searchParams.has('nonce')) return request
      url.searchParams.set('nonce', 'of-another-request')
      return new Request(url, request)
    }
    await goThere()
    await seesError('invalid_id_token')
    await worksOnTheNextTry()
  })

  it('shows "invalid_id_token" when the signature is broken', async () => {
    //
    changeJson('/token', (body) => {
      const [header, payload, signature = ''] = (body['id_token'] ?? '').split('.')
      const broken = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
      return { ...body, id_token: [header, payload, broken].join('.') }
    })
    await goThere()
    await seesError('invalid_id_token')
    await worksOnTheNextTry()
  })

  it('shows "invalid_id_token" when the ID token has expired', async () => {
    //
    changeJson('/token', async (body) => {
      const now = Math.floor(Date.now() / 1000)
      const change = { iat: now - 4000, exp: now - 400 }
      return { ...body, id_token: await signAgain(body['id_token'] ?? '', world.server.signingKey, change) }
    })
    await goThere()
    await seesError('invalid_id_token')
    await worksOnTheNextTry()
  })

  it('shows "invalid_response" when the token endpoint answers with a page', async () => {
    dials.onResponse = (response, request) =>
      new URL(request.url).pathname === '/token'
        ? new Response('<!doctype html><title>Maintenance</title>', {
            headers: { ...Object.fromEntries(response.headers), 'content-type': 'text/html' },
          })
        : response
    await goThere()
    await seesError('invalid_response')
    await worksOnTheNextTry()
  })

  it('shows "popup_blocked" when the browser opens no window', async () => {
    await page.evaluate(() => Object.assign(window, { open: () => null }))
    await press(page, 'Sign in by popup')
    await seesError('popup_blocked')
    await worksOnTheNextTry()
  })
})
