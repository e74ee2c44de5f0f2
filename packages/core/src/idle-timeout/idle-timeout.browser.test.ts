import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClientBench, instantTransport } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { silentLogger } from '../platform/logger.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'
import { indexedDb } from '../storage/indexed-db.js'
import { type IdleTimeout, type IdleTimeoutOptions, startIdleTimeout } from './idle-timeout.js'

interface Tab {
  readonly client: OAuthClient
  /** What the countdown said, in order. */
  readonly emitted: Array<number | undefined>
  readonly idle: IdleTimeout
  /** Activity in this tab. */
  readonly act: (type?: string) => void
  readonly wake: () => void
}

interface Tabs {
  /** Milliseconds that the device's clock is put forward by, timers standing still: a device that sleeps. */
  readonly sleep: (ms: number) => void
  /** Lets no time pass but by `sleep`: a busy machine then says the same as an idle one. */
  readonly freeze: () => void
  /** Moves the clock and fires the timers of so many milliseconds, after `holdTimers`. */
  readonly pass: (ms: number) => Promise<void>
  readonly open: (
    idle: Partial<IdleTimeoutOptions>,
    options?: Partial<ClientOptions>,
    wrap?: (client: OAuthClient) => OAuthClient,
  ) => Promise<Tab>
  readonly signOuts: string[]
}

/** Each tab has a window of its own (a frame of this origin), so that events in one are not seen in another. */
async function signedInTabs(): Promise<Tabs> {
  const name = crypto.randomUUID()
  const clock: { offset: number; frozenAt: number | undefined } = { offset: 0, frozenAt: undefined }
  const now = (): number => (clock.frozenAt ?? Date.now()) + clock.offset
  const { server } = await createClientBench()
  server.now = () => Math.floor(now() / 1000)
  const signOuts: string[] = []
  const start = async (options: Partial<ClientOptions>): Promise<{ client: OAuthClient; page: Window & typeof globalThis }> => {
    const frame = document.createElement('iframe')
    frame.src = '/package.json'
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
    document.body.append(frame)
    await loaded
    const page = frame.contentWindow as Window & typeof globalThis
    const client = createOAuthClient({
      issuer,
      clientId: 'client-1',
      name,
      redirectUri,
      transport: instantTransport(server),
      storage: indexedDb(`idle-${name}`),
      fetch: server.fetch,
      now,
      ...options,
      environment: { window: page, ...options.environment },
    })
    client.on('signed-out', ({ reason }) => signOuts.push(reason))
    await client.start()
    onTestFinished(async () => {
      await client.close()
      frame.remove()
    })
    return { client, page }
  }
  const first = await start({})
  await first.client.login()
  await first.client.close()
  const sleep = (ms: number): unknown => (clock.offset += ms)
  const freeze = (): unknown => (clock.frozenAt ??= Date.now())
  return {
    signOuts,
    sleep,
    freeze,
    async pass(ms) {
      sleep(ms)
      await vi.advanceTimersByTimeAsync(ms)
    },
    async open(idleOptions, options = {}, wrap = (one) => one) {
      const { client, page } = await start(options)
      const emitted: Array<number | undefined> = []
      const onCountdown = (left: number | undefined): unknown => emitted.push(left)
      const logout = { local: true, revoke: false }
      const idle = startIdleTimeout(wrap(client), { timeoutSeconds: 900, warnSeconds: 60, onCountdown, logout, ...idleOptions })
      onTestFinished(() => idle.stop())
      const act = (type = 'pointermove'): unknown => page.dispatchEvent(new page.Event(type))
      return { client, emitted, idle, act, wake: () => page.dispatchEvent(new page.Event('focus')) }
    },
  }
}

/** From now on, timers wait for `pass`. */
function holdTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

const statusOf = ({ client }: Tab): string => client.getSnapshot().status

describe('startIdleTimeout()', () => {
  it('counts down by the second and then ends the session', async () => {
    const { freeze, open, pass } = await signedInTabs()
    freeze()
    const tab = await open({ timeoutSeconds: 3, warnSeconds: 2 })
    holdTimers()
    tab.idle.keepAlive()
    tab.wake()
    for (const emitted of [[], [2], [2, 1]]) {
      await pass(999)
      expect(tab.emitted).toEqual(emitted)
      await pass(1)
    }
    expect(tab.emitted.slice(0, 3)).toEqual([2, 1, 0])
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
    expect(tab.emitted).toEqual([2, 1, 0, undefined])
  })

  it('stops the countdown on activity', async () => {
    const { freeze, open, sleep } = await signedInTabs()
    freeze()
    const tab = await open({})
    sleep(850_000)
    tab.wake()
    expect(tab.emitted).toEqual([50])
    tab.act('keydown')
    expect(tab.emitted).toEqual([50, undefined])
    sleep(850_000)
    tab.wake()
    expect(tab.emitted).toEqual([50, undefined, 50])
    expect(statusOf(tab)).toBe('signed-in')
  })

  it('keeps every tab alive by activity in one', async () => {
    const { freeze, open, sleep } = await signedInTabs()
    freeze()
    const [here, there] = await Promise.all([open({}), open({})])
    sleep(870_000)
    here.act()
    there.wake()
    expect(there.emitted).toEqual([])
    sleep(870_000)
    there.wake()
    expect(there.emitted).toEqual([30])
    here.act('keydown')
    await expect.poll(() => there.emitted).toEqual([30, undefined])
    expect([statusOf(here), statusOf(there)]).toEqual(['signed-in', 'signed-in'])
  })

  it('shows the same countdown in all tabs', async () => {
    const { freeze, open, sleep } = await signedInTabs()
    freeze()
    const [here, there] = await Promise.all([open({}), open({})])
    sleep(100_000)
    there.act()
    sleep(860_000)
    here.wake()
    there.wake()
    expect([here.emitted, there.emitted]).toEqual([[40], [40]])
  })

  it.each([
    { where: 'with Web Locks', environment: {} },
    { where: 'without them', environment: { locks: undefined } },
  ])('ends the session in one tab alone, and the others are notified, $where (invariant 10)', async ({ environment }) => {
    const { open, sleep, signOuts } = await signedInTabs()
    const tabs = await Promise.all([open({}, { environment }), open({}, { environment }), open({}, { environment })])
    sleep(1_000_000)
    tabs.forEach((tab) => tab.wake())
    await expect.poll(() => tabs.map(statusOf)).toEqual(['signed-out', 'signed-out', 'signed-out'])
    expect(signOuts.toSorted()).toEqual(['logout', 'other-tab', 'other-tab'])
  })

  it('signs out on wake from sleep, before a movement of the mouse counts', async () => {
    const { open, sleep } = await signedInTabs()
    const tab = await open({})
    sleep(901_000)
    tab.act()
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
  })

  it('counts the time in which no tab was open', async () => {
    const { open, sleep } = await signedInTabs()
    const tab = await open({})
    tab.act()
    tab.idle.stop()
    await tab.client.close()
    sleep(901_000)
    const later = await open({})
    await expect.poll(() => statusOf(later)).toBe('signed-out')
  })

  it('takes a new sign-in for activity, however old the last one is', async () => {
    const { open, sleep } = await signedInTabs()
    const former = await open({})
    former.act()
    former.idle.stop()
    await former.client.logout({ local: true, revoke: false })
    sleep(5_000_000)
    await former.client.login()
    const tab = await open({})
    tab.wake()
    expect(tab.emitted).toEqual([])
    expect(statusOf(tab)).toBe('signed-in')
  })

  it('does not take a refresh for activity', async () => {
    const { open, sleep } = await signedInTabs()
    const tab = await open({})
    sleep(600_000)
    await tab.client.refresh()
    sleep(301_000)
    tab.wake()
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
  })

  it('writes at most once a second, and the last activity at the end of the second', async () => {
    const { freeze, open, pass } = await signedInTabs()
    freeze()
    const tab = await open({})
    const name = tab.client.options.name ?? ''
    const { clientKey } = await import('../client/resolve-options.js')
    const key = `latchkey/${clientKey(issuer, 'client-1', name)}/activity`
    const written: number[] = []
    const note = (event: StorageEvent): unknown => event.key === key && written.push(Number(event.newValue?.split(':')[1]))
    window.addEventListener('storage', note)
    onTestFinished(() => window.removeEventListener('storage', note))
    holdTimers()
    for (let time = 0; time <= 600; time += 10) {
      tab.act()
      await pass(10)
    }
    await pass(10_000)
    await expect.poll(() => written.length).toBe(2)
    expect((written[1] ?? 0) - (written[0] ?? 0)).toBe(600)
  })

  it('counts for itself where localStorage is blocked', async () => {
    const { freeze, open, sleep } = await signedInTabs()
    freeze()
    const tab = await open({})
    tab.act()
    const frame = [...document.querySelectorAll('iframe')].at(-1)
    Object.defineProperty(frame?.contentWindow, 'localStorage', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
    tab.act()
    sleep(850_000)
    tab.wake()
    expect(tab.emitted).toEqual([50])
    sleep(51_000)
    tab.wake()
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
  })

  it('is silent once it is stopped', async () => {
    const { open, sleep } = await signedInTabs()
    const tab = await open({})
    tab.idle.stop()
    sleep(2_000_000)
    tab.wake()
    tab.idle.keepAlive()
    expect(tab.emitted).toEqual([])
    expect(statusOf(tab)).toBe('signed-in')
  })

  describe('ends the session whatever goes wrong', () => {
    const fail = (): never => {
      throw new Error('The app is wrong.')
    }

    it('if the browser refuses locks', async () => {
      const { open, sleep } = await signedInTabs()
      const locks = { request: () => Promise.reject(new DOMException('denied', 'SecurityError')) } as unknown as LockManager
      const tab = await open({}, { environment: { locks } })
      sleep(901_000)
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
    })

    it('if onCountdown and the option "logout" throw', async () => {
      const { open, sleep } = await signedInTabs()
      const warnings: string[] = []
      const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) }
      const tab = await open({ onCountdown: fail, logout: fail }, { logger })
      sleep(850_000)
      tab.wake()
      sleep(51_000)
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
      expect(warnings).toContain('idle timeout: onCountdown() threw')
      expect(warnings).toContain('idle timeout: the option "logout" threw')
    })

    it('if onCountdown rejects, which is no unhandled rejection', async () => {
      const { open, sleep } = await signedInTabs()
      const warnings: string[] = []
      const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) }
      const rejecting = (): Promise<never> => Promise.reject(new Error('no display'))
      const tab = await open({ onCountdown: rejecting as never }, { logger })
      sleep(901_000)
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
      // An unhandled rejection would fail the test run.
      expect(warnings).toContain('idle timeout: onCountdown() rejected')
    })

    it('if the stored session does not say when the user signed in: a refresh is no activity', async () => {
      const { open, sleep } = await signedInTabs()
      const tab = await open({}, {}, (client) => ({
        ...client,
        getSnapshot: () => {
          const snapshot = client.getSnapshot()
          return snapshot.tokenSet ? { ...snapshot, tokenSet: { ...snapshot.tokenSet, signedInAt: undefined } } : snapshot
        },
      }))
      sleep(600_000)
      await tab.client.refresh()
      sleep(301_000)
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
    })

    it('if onCountdown throws during the countdown, which continues', async () => {
      const { freeze, open, pass } = await signedInTabs()
      freeze()
      const tab = await open({ timeoutSeconds: 2, warnSeconds: 2, onCountdown: fail }, { logger: silentLogger })
      holdTimers()
      tab.idle.keepAlive()
      tab.wake()
      await pass(1000)
      expect(statusOf(tab)).toBe('signed-in')
      await pass(1000)
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
    })

    it.each([
      ['rejects', () => Promise.reject(new Error('no network'))],
      ['throws', fail],
    ])('if the sign-out %s: it ends in this browser then', async (_, refuse) => {
      const { open, sleep } = await signedInTabs()
      const tab = await open({ logout: {} }, { logger: silentLogger }, (client) => ({
        ...client,
        logout: (options) => (options?.local ? client.logout(options) : refuse()),
      }))
      sleep(901_000)
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
    })

    it.each([86_400_000, 5000])('if the clock was %d ms ahead at the sign-in', async (ahead) => {
      const { open, sleep } = await signedInTabs()
      sleep(-ahead)
      const tab = await open({})
      tab.wake()
      expect(statusOf(tab)).toBe('signed-in')
      // The time of the sign-in has come meanwhile if the clock was a little ahead.
      sleep(901_000 + (ahead < 900_000 ? ahead : 0))
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
    })

    it('if the clock was ahead while the user was active, in this tab and in another', async () => {
      const { open, sleep, freeze } = await signedInTabs()
      freeze()
      const [here, there] = await Promise.all([open({}), open({})])
      sleep(600_000)
      here.act()
      sleep(-86_400_000)
      there.wake()
      here.wake()
      sleep(901_000)
      there.wake()
      await expect.poll(() => [statusOf(here), statusOf(there)]).toEqual(['signed-out', 'signed-out'])
    })

    it('if another tab began to end it while its clock was ahead', async () => {
      const { open, sleep } = await signedInTabs()
      const tab = await open({})
      const { clientKey } = await import('../client/resolve-options.js')
      const key = `latchkey/${clientKey(issuer, 'client-1', tab.client.options.name)}/activity`
      localStorage.setItem(key, `ended:${Date.now() + 86_400_000}`)
      sleep(901_000)
      tab.wake()
      await expect.poll(() => statusOf(tab)).toBe('signed-out')
    })
  })

  it.each([
    { timeoutSeconds: 0 },
    { timeoutSeconds: -1 },
    { timeoutSeconds: Number.NaN },
    { timeoutSeconds: 60, warnSeconds: 61 },
    { timeoutSeconds: 60, warnSeconds: -1 },
  ])('rejects durations that make no sense: %o', async (options) => {
    const { client } = await createClientBench()
    expect(() => startIdleTimeout(client, options)).toThrow(expect.objectContaining({ code: 'configuration' }))
    expect(() => startIdleTimeout(client, { timeoutSeconds: 60, warnSeconds: 60 }).stop()).not.toThrow()
  })
})
