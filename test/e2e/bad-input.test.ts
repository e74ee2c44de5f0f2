// One broken rule at a time, in real Chromium: a typed error with its hint is shown, nothing loops, and the next attempt works.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { press, sees } from '../harness/browser.js'
import { e2eTest } from '../harness/e2e-test.js'
import { signAgain, startEmbeddedServer, type EmbeddedDials, type EmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'
import type { World } from '../harness/world.js'

const it = e2eTest({ start: startEmbeddedServer }).extend<{ readonly attempt: Attempt }>({
  attempt: async ({ world, page }, provide) => provide(createAttempt(world, page)),
})

describe('bad input', () => {
  /** Changes the JSON of the responses under a path. */
  function changeJson(dials: EmbeddedDials, path: string, change: (body: Record<string, string>) => unknown): void {
    dials.onResponse = async (response, request) => {
      if (new URL(request.url).pathname !== path || request.method === 'OPTIONS') return response
      const body = (await response.json()) as Record<string, string>
      return new Response(JSON.stringify(await change(body)), response)
    }
  }

  it('shows "network" when the issuer cannot be reached', async ({ world, page, attempt }) => {
    world.server.dials.isUnreachable = true
    await press(page, 'Sign in')
    await attempt.fails('network')
    await attempt.succeedsNextTime()
  })

  it('shows "issuer_mismatch" when the metadata names another issuer', async ({ world, page, attempt }) => {
    // covers B-041
    changeJson(world.server.dials, '/.well-known/openid-configuration', (body) => ({
      ...body,
      issuer: 'https://other.example.com',
    }))
    await press(page, 'Sign in')
    await attempt.fails('issuer_mismatch')
    await attempt.succeedsNextTime()
  })

  it('shows "authorization_error" when the user refuses', async ({ world, page, attempt }) => {
    // covers A-056, B-015
    await press(page, 'Sign in')
    await page.click(world.server.pages.denyButton)
    await attempt.fails('authorization_error')
    await attempt.succeedsNextTime()
  })

  it('shows "mismatching_state" when the response contains another state, and sends no request', async ({ world, attempt }) => {
    // covers, B-019
    world.server.dials.onResponse = (response) => {
      const location = response.headers.get('location')
      const url = location?.startsWith(world.app.origin) ? new URL(location) : undefined
      const state = url?.searchParams.get('state')
      if (!url || !state) return response
      url.searchParams.set('state', state.slice(0, -4) + (state.endsWith('AAAA') ? 'BBBB' : 'AAAA'))
      return new Response(null, { status: response.status, headers: { location: url.href } })
    }
    await attempt.signIn()
    await attempt.fails('mismatching_state')
    expect(world.requestsOfApp()).not.toContain('POST /token')
    await attempt.succeedsNextTime()
  })

  it('shows "invalid_id_token" for another nonce', async ({ world, attempt }) => {
    //
    world.server.dials.onRequest = (request) => {
      const url = new URL(request.url)
      if (url.pathname !== '/authorize' || !url.searchParams.has('nonce')) return request
      url.searchParams.set('nonce', 'of-another-request')
      return new Request(url, request)
    }
    await attempt.signIn()
    await attempt.fails('invalid_id_token')
    await attempt.succeedsNextTime()
  })

  it('shows "invalid_id_token" when the signature is broken', async ({ world, attempt }) => {
    //
    changeJson(world.server.dials, '/token', (body) => {
      const [header, payload, signature = ''] = (body['id_token'] ?? '').split('.')
      const broken = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
      return { ...body, id_token: [header, payload, broken].join('.') }
    })
    await attempt.signIn()
    await attempt.fails('invalid_id_token')
    await attempt.succeedsNextTime()
  })

  it('shows "invalid_id_token" when the ID token has expired', async ({ world, attempt }) => {
    //
    changeJson(world.server.dials, '/token', async (body) => {
      const now = Math.floor(Date.now() / 1000)
      const change = { iat: now - 4000, exp: now - 400 }
      return { ...body, id_token: await signAgain(body['id_token'] ?? '', world.server.signingKey, change) }
    })
    await attempt.signIn()
    await attempt.fails('invalid_id_token')
    await attempt.succeedsNextTime()
  })

  it('shows "invalid_response" when the token endpoint responds with a page', async ({ world, attempt }) => {
    world.server.dials.onResponse = (response, request) =>
      new URL(request.url).pathname === '/token'
        ? new Response('<!doctype html><title>Maintenance</title>', {
            headers: { ...Object.fromEntries(response.headers), 'content-type': 'text/html' },
          })
        : response
    await attempt.signIn()
    await attempt.fails('invalid_response')
    await attempt.succeedsNextTime()
  })

  it('shows "popup_blocked" when the browser opens no window', async ({ page, attempt }) => {
    await page.evaluate(() => Object.assign(window, { open: () => null }))
    await press(page, 'Sign in by popup')
    await attempt.fails('popup_blocked')
    await attempt.succeedsNextTime()
  })
})

/** One sign-in by redirect that fails, and the next that does not. */
interface Attempt {
  /** Signs in up to the server's page and, with the user's click, back to the app. */
  signIn(): Promise<void>
  /** Waits for the error and its hint. */
  fails(code: string): Promise<void>
  /** Invariant 9: the app does not retry by itself. Then the server works again, and so does the same button. */
  succeedsNextTime(): Promise<void>
}

function createAttempt(world: World<EmbeddedServer>, page: Page): Attempt {
  const { dials, pages } = world.server
  return {
    async signIn() {
      await press(page, 'Sign in')
      await page.click(pages.userButton(alice))
    },
    async fails(code) {
      await sees(page, 'error', code)
      expect(await page.getByTestId('hint').textContent()).not.toBe('')
      await sees(page, 'status', 'signed-out')
      await sees(page, 'activity', 'idle')
    },
    async succeedsNextTime() {
      world.server.forget()
      expect(await world.requestsWithin(page, 60_000)).toEqual([])
      dials.isUnreachable = false
      dials.onRequest = dials.onResponse = undefined
      await press(page, 'Sign in')
      // The user may still be signed in at the server from the first attempt.
      const button = page.locator(pages.userButton(alice))
      await button
        .or(page.getByText('signed-in', { exact: true }))
        .first()
        .waitFor()
      if (await button.isVisible()) await button.click()
      await sees(page, 'name', alice.name)
      await sees(page, 'error', '')
    },
  }
}
