import { describe, expect, it } from 'vitest'
import { explained } from '../../errors/explained.fixture.js'
import { type Channel, currentEnvironment, type Environment } from '../../platform/environment.js'
import { prepareNavigation } from './select-transport.js'
import type { PreparedNavigation } from './transport.js'
import type { LoginOptions } from '../sign-in-options.js'

function prepare(overrides: Partial<Environment>, options: LoginOptions): PreparedNavigation {
  const window = { screenX: 0, screenY: 0, outerWidth: 800, outerHeight: 600 } as Window & typeof globalThis
  const environment = currentEnvironment({ window, ...overrides })
  return prepareNavigation({ options: {}, environment }, options)
}

describe('prepareNavigation()', () => {
  const popups = { openWindow: () => ({ close: () => undefined }) as Window, openChannel: () => ({}) as Channel }

  it('opens a popup if the runtime has everything that it needs', () => {
    expect(prepare(popups, { transport: 'popup' }).transport.name).toBe('popup')
  })

  it.each([
    ['the browser blocks it', { ...popups, openWindow: () => null }, 'popup_blocked', 'blocked'],
    ['there is no BroadcastChannel', { ...popups, openChannel: undefined }, 'unsupported', 'BroadcastChannel'],
  ])('falls back to a redirect if allowed, else says what is missing, if %s', (_why, environment, code, word) => {
    expect(prepare(environment, { transport: 'popup', fallback: 'redirect' }).transport.name).toBe('redirect')
    expect(explained(() => prepare(environment, { transport: 'popup' }))).toMatchObject({
      code,
      message: expect.stringContaining(word) as string,
    })
  })
})
