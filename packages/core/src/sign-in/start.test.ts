import { describe, expect, it } from 'vitest'
import { createClientConfig, type ClientConfig } from '../client/resolve-options.js'
import type { Channel, Environment } from '../platform/environment.js'
import { beginTrip, currentPath, isOwnCallback } from './start.js'
import { createRedirectMemory } from './redirect-guard.js'
import { createState } from './response-url.js'
import { storageArea } from '../storage/storage-area.fixture.js'

const MINUTE = 60_000

/** A page at an address, as far as a sign-in begins with it. */
function pageAt(href = 'https://app.example/', environment: Partial<Environment> = {}) {
  const sessionStorage = storageArea()
  const location = new URL(href)
  const document = { querySelector: () => null, baseURI: location.href }
  const clock = { now: 0 }
  const config: ClientConfig = createClientConfig({
    issuer: 'https://server.example',
    clientId: 'client-1',
    now: () => clock.now,
    environment: { window: { sessionStorage, location, document } as unknown as Window & typeof globalThis, ...environment },
  })
  const memory = createRedirectMemory(sessionStorage, config.key, config.environment.now)
  return { config, clock, memory, isOwn: (url: string) => isOwnCallback(config, new URL(url, 'https://app.example/')) }
}

describe('isOwnCallback() - invariant 1', () => {
  it('knows a response by the client in its state, tampered with or not', () => {
    const { config, isOwn } = pageAt()
    const state = createState(config.key, 'r')
    expect(isOwn(`/?code=c&state=${state}`)).toBe(true)
    expect(isOwn(`/?code=c&state=${state.slice(0, -4)}AAAA`)).toBe(true)
    expect(isOwn(`/?code=c&state=${createState('other', 'r')}`)).toBe(false)
  })

  it.each(['/?code=theirs&state=theirs', '/?error=access_denied&state=theirs', '/#access_token=theirs&state=theirs'])(
    'never takes a foreign state for ours, though this tab waits for an answer: %s',
    (url) => {
      const { memory, isOwn } = pageAt()
      memory.leave('lk.k.r.mine')
      expect(isOwn(url)).toBe(false)
    },
  )

  it('takes a response without a state for ours at the redirect URI alone, while this tab waits for one', () => {
    const { clock, memory, isOwn } = pageAt()
    expect(isOwn('/?code=SUMMER25')).toBe(false)
    memory.leave('lk.k.r.mine')
    expect(isOwn('/?error=access_denied')).toBe(true)
    expect(isOwn('/shop?code=SUMMER25')).toBe(false)
    clock.now = 9 * MINUTE
    expect(isOwn('/?code=SUMMER25')).toBe(true)
    clock.now = 10 * MINUTE
    expect(isOwn('/?code=SUMMER25')).toBe(false)
  })

  it('waits no more once the tab is back', () => {
    const { memory, isOwn } = pageAt()
    memory.leave('lk.k.r.mine')
    memory.back()
    expect(isOwn('/?code=SUMMER25')).toBe(false)
  })
})

describe('beginTrip()', () => {
  const popups = { openWindow: () => ({ close: () => undefined }) as Window, openChannel: () => ({}) as Channel }

  it('opens a popup where there is all that it needs', () => {
    expect(beginTrip(pageAt('https://app.example/', popups).config, { transport: 'popup' }).transport.name).toBe('popup')
  })

  it.each([
    ['the browser blocks it', { ...popups, openWindow: () => null }, 'popup_blocked', 'blocked'],
    ['there is no BroadcastChannel', { ...popups, openChannel: undefined }, 'unsupported', 'BroadcastChannel'],
  ])('leaves by redirect when that was asked for, else says what is missing, where %s', (_why, environment, code, word) => {
    const { config } = pageAt('https://app.example/', environment)
    expect(beginTrip(config, { transport: 'popup', fallback: 'redirect' }).transport.name).toBe('redirect')
    expect(() => beginTrip(config, { transport: 'popup' })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(word) as string }),
    )
  })
})

describe('currentPath() - the default of returnTo', () => {
  it('keeps the app’s own parameters, whatever they are called', () => {
    const path = '/orders?state=open&scope=mine&code=FR&page=2#row'
    expect(currentPath(pageAt(`https://app.example${path}`).config)).toBe(path)
  })

  it('leaves out a response to this client', () => {
    const { config } = pageAt()
    const state = createState(config.key, 'r')
    expect(currentPath(pageAt(`https://app.example/orders?page=2&code=c&state=${state}`).config)).toBe('/orders?page=2')
  })

  it('is a path on this origin though the address begins with two slashes', () => {
    expect(currentPath(pageAt('https://app.example//evil.example/').config)).toBe('/evil.example/')
  })
})
