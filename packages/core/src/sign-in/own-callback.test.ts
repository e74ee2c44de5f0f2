import { describe, expect, it } from 'vitest'
import { type ClientConfig, resolveOptions } from '../client/resolve-options.js'
import { RedirectGuard } from './redirect-guard.js'
import { createState } from './authorization-flow.js'
import { currentPath, isOwnCallback } from './response-url.js'
import { TabStorage } from '../storage/tab-storage.js'
import { storageArea } from '../storage/storage-area.fixture.js'

const MINUTE = 60_000

/** A client on a page at an address. */
function pageAt(href = 'https://app.example/') {
  const sessionStorage = storageArea()
  const location = new URL(href)
  const document = { querySelector: () => null, baseURI: location.href }
  const clock = { now: 0 }
  const config: ClientConfig = resolveOptions({
    issuer: 'https://server.example',
    clientId: 'client-1',
    now: () => clock.now,
    environment: { window: { sessionStorage, location, document } as unknown as Window & typeof globalThis },
  })
  const redirects = new RedirectGuard(config.tab, config.environment.now)
  // Of another client of the tab.
  const redirectsOf = (key: string) =>
    new RedirectGuard(new TabStorage({ sessionStorage }, `latchkey/${key}/`), config.environment.now)
  return {
    config,
    clock,
    redirects,
    redirectsOf,
    isOwn: (url: string) => isOwnCallback(config, new URL(url, 'https://app.example/')),
  }
}

describe('isOwnCallback() - invariant 1', () => {
  it('recognizes a response by the client in its state, tampered with or not', () => {
    const { config, isOwn } = pageAt()
    const state = createState(config.key, 'r')
    expect(isOwn(`/?code=c&state=${state}`)).toBe(true)
    expect(isOwn(`/?code=c&state=${state.slice(0, -4)}AAAA`)).toBe(true)
    expect(isOwn(`/?code=c&state=${createState('other', 'r')}`)).toBe(false)
  })

  it.each(['/?code=theirs&state=theirs', '/?error=access_denied&state=theirs', '/#access_token=theirs&state=theirs'])(
    'treats a foreign state as its own at the redirect URI only, while this tab waits for a response: %s',
    (url) => {
      const { redirects, redirectsOf, clock, isOwn } = pageAt()
      expect(isOwn(url)).toBe(false)
      redirects.beforeRedirect('lk.k.r.mine')
      expect(isOwn(url)).toBe(true)
      expect(isOwn(`/shop${url.slice(1)}`)).toBe(false)
      // In the form of another Latchkey client's, which is left to that client if this tab waits for it.
      const other = url.replace('state=theirs', 'state=lk.other.r.x')
      expect(isOwn(other)).toBe(true)
      redirectsOf('other').beforeRedirect('lk.other.r.x')
      expect(isOwn(other)).toBe(false)
      clock.now = 10 * MINUTE
      redirects.beforeRedirect('lk.k.r.mine')
      expect(isOwn(other)).toBe(true)
    },
  )

  it.each(['r', 'p', 'i', 'x'] as const)('does not treat its own state alone as a response: kind %s', (kind) => {
    const { config, isOwn } = pageAt()
    const state = createState(config.key, kind)
    expect(isOwn(`/?state=${state}`)).toBe(false)
    expect(isOwn(`/authorize?response_type=code&client_id=client-1&state=${state}`)).toBe(false)
    expect(isOwn(`/?error=access_denied&state=${state}`)).toBe(true)
    // That of a sign-out is, by redirect or in a window.
    expect(isOwn(`/?state=${createState(config.key, 'o')}`)).toBe(true)
    expect(isOwn(`/?state=${createState(config.key, 'ow')}`)).toBe(true)
    expect(isOwn(`/?state=${createState(config.key, kind).replace(`.${kind}.`, `.${kind}w.`)}`)).toBe(false)
  })

  it('treats a response without a state as its own at the redirect URI only, while this tab waits for one', () => {
    const { clock, redirects, isOwn } = pageAt()
    expect(isOwn('/?code=SUMMER25')).toBe(false)
    redirects.beforeRedirect('lk.k.r.mine')
    expect(isOwn('/?error=access_denied')).toBe(true)
    expect(isOwn('/shop?code=SUMMER25')).toBe(false)
    clock.now = 9 * MINUTE
    expect(isOwn('/?code=SUMMER25')).toBe(true)
    clock.now = 10 * MINUTE
    expect(isOwn('/?code=SUMMER25')).toBe(false)
  })

  it('does not wait any more after the response', () => {
    const { redirects, isOwn } = pageAt()
    redirects.beforeRedirect('lk.k.r.mine')
    redirects.stopWaiting()
    expect(isOwn('/?code=SUMMER25')).toBe(false)
  })
})

describe('currentPath() - the default of returnTo', () => {
  it('keeps the parameters of the app, whatever their names', () => {
    const path = '/orders?state=open&scope=mine&code=FR&page=2#row'
    expect(currentPath(pageAt(`https://app.example${path}`).config)).toBe(path)
  })

  it('removes a response to this client', () => {
    const { config } = pageAt()
    const state = createState(config.key, 'r')
    expect(currentPath(pageAt(`https://app.example/orders?page=2&code=c&state=${state}`).config)).toBe('/orders?page=2')
  })

  it('is a path on this origin if the URL begins with two slashes', () => {
    expect(currentPath(pageAt('https://app.example//evil.example/').config)).toBe('/evil.example/')
  })
})
