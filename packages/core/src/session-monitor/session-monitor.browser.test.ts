import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { countOf, createClientBench, instantTransport } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { OAuthClient } from '../client/client.js'
import { issuer, type TestServer } from '../protocol/test-server.fixture.js'
import { indexedDb } from '../storage/indexed-db.js'
import { responseChannelName } from '../sign-in/transports/response-channel.js'
import { monitorSession, type SessionMonitor } from './session-monitor.js'

interface ServerSide {
  /** What the server's frame says, to every question or to this one; undefined: nothing. */
  says: string | undefined | ((question: string) => string)
  /** The response to `prompt=none`. */
  answer: Readonly<Record<string, string>>
  /** Questions the frame got: the text, and the origin it came from. */
  readonly requested: Array<readonly [question: unknown, origin: string]>
  /** Silent sign-ins, by their parameters. */
  readonly silent: URLSearchParams[]
}

interface Tab {
  readonly client: OAuthClient
  readonly monitor: SessionMonitor
  readonly signOuts: string[]
  readonly stopped: OAuthClientError[]
  readonly activities: Set<string>
}

interface Bench {
  readonly server: TestServer
  readonly side: ServerSide
  readonly open: (options?: Partial<ClientOptions>) => Promise<Tab>
}

const QUICK = 0.02

/**
 * A signed-in session; the server's frame and its authorization page are real frames of this page, at addresses of this origin. What
 * the session frame does is done by a script inside it, so that its messages come from there.
 */
async function createBench(sessionState: string | undefined = 'state-1'): Promise<Bench> {
  const side: ServerSide = {
    says: 'unchanged',
    answer: { code: 'code-1', session_state: 'state-2' },
    requested: [],
    silent: [],
  }
  const name = crypto.randomUUID()
  const { server } = await createClientBench()
  server.faults = {
    metadata: { authorization_endpoint: `${location.origin}/authorize`, check_session_iframe: `${location.origin}/package.json` },
  }
  playServer(server, side)
  const open = async (options: Partial<ClientOptions> = {}): Promise<Tab> => {
    const client = createOAuthClient({
      issuer,
      clientId: 'client-1',
      name,
      redirectUri: `${location.origin}/`,
      scope: 'openid profile',
      transport: instantTransport(server, { answer: { session_state: sessionState } }),
      storage: indexedDb(`monitor-${name}`),
      fetch: server.fetch,
      ...options,
    })
    const tab = { client, signOuts: [] as string[], stopped: [] as OAuthClientError[], activities: new Set<string>() }
    client.on('signed-out', ({ reason }) => tab.signOuts.push(reason))
    client.subscribe(() => tab.activities.add(client.getSnapshot().activity))
    await client.start()
    if (client.getSnapshot().status !== 'signed-in') await client.login()
    tab.activities.clear()
    const onStopped = (error: OAuthClientError): unknown => tab.stopped.push(error)
    const monitor = monitorSession(client, { intervalSeconds: QUICK, onStopped })
    onTestFinished(async () => {
      monitor.stop()
      await client.close()
    })
    return { ...tab, monitor }
  }
  return { server, side, open }
}

function playServer(server: TestServer, side: ServerSide): void {
  Object.assign(window, {
    hear: (question: unknown, origin: string) => {
      side.requested.push([question, origin])
      return typeof side.says === 'function' ? side.says(String(question)) : side.says
    },
  })
  const watch = new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (!(node instanceof HTMLIFrameElement)) continue
      if (node.title === 'session check') node.addEventListener('load', () => giveVoice(node))
      if (node.title === 'sign-in check') answerSilently(server, side, new URL(node.src))
    }
  })
  watch.observe(document.body, { childList: true })
  onTestFinished(() => watch.disconnect())
}

function giveVoice(frame: HTMLIFrameElement): void {
  const script = frame.contentDocument?.createElement('script')
  if (!script) return
  script.textContent = `addEventListener('message', ({ data, origin, source }) => {
    const answer = parent.hear(data, origin)
    if (answer !== undefined) source.postMessage(answer, origin)
  })`
  frame.contentDocument?.documentElement.append(script)
}

function answerSilently(server: TestServer, side: ServerSide, { searchParams }: URL): void {
  side.silent.push(searchParams)
  server.nonce = searchParams.get('nonce') ?? undefined
  const state = searchParams.get('state') ?? ''
  const url = new URL(`${location.origin}/`)
  for (const [name, value] of Object.entries({ state, iss: issuer, ...side.answer })) url.searchParams.set(name, value)
  const channel = new BroadcastChannel(responseChannelName(state))
  channel.postMessage({ type: 'response', url: url.href })
  setTimeout(() => channel.close(), 500)
}

const frame = (): HTMLIFrameElement | null => document.querySelector<HTMLIFrameElement>('iframe[title="session check"]')
const statusOf = ({ client }: Tab): string => client.getSnapshot().status

/** The frame has called the session unchanged. */
async function isProven(side: ServerSide): Promise<void> {
  const before = side.requested.length
  await expect.poll(() => side.requested.length).toBeGreaterThan(before + 2)
}

describe('session_state', () => {
  it('is kept with the token set, over a refresh too', async () => {
    const { open } = await createBench()
    const { client } = await open()
    expect(client.getTokenSet()?.sessionState).toBe('state-1')
    await client.refresh()
    expect(client.getTokenSet()?.sessionState).toBe('state-1')
  })

  it('is absent where the authorization response has none', async () => {
    const { open } = await createBench('')
    const { client } = await open()
    expect(client.getTokenSet()).not.toHaveProperty('sessionState')
  })
})

describe('monitorSession()', () => {
  it('asks the frame with client id and session_state, and does nothing while it is unchanged', async () => {
    const { open, side, server } = await createBench()
    const before = server.log.length
    const tab = await open()
    await isProven(side)
    expect(new Set(side.requested.map(String))).toEqual(new Set([`client-1 state-1,${location.origin}`]))
    expect(side.silent).toEqual([])
    expect(tab.stopped).toEqual([])
    // The sign-in itself: metadata, keys, token.
    expect(server.log.slice(before)).toHaveLength(3)
  })

  it('continues with the new session_state if the same user is still signed in', async () => {
    const { open, side, server } = await createBench()
    const tab = await open()
    await isProven(side)
    const former = tab.client.getTokenSet()
    server.faults = { ...server.faults, token: { refresh_token: undefined } }
    side.says = 'changed'
    await expect.poll(() => tab.client.getTokenSet()?.sessionState).toBe('state-2')
    side.says = 'unchanged'
    expect(side.silent[0]?.get('prompt')).toBe('none')
    expect(side.silent[0]?.get('id_token_hint')).toBe(former?.idToken)
    expect(tab.client.getTokenSet()).toMatchObject({ refreshToken: former?.refreshToken, signedInAt: former?.signedInAt })
    await expect.poll(() => side.requested.at(-1)?.[0]).toBe('client-1 state-2')
    expect([tab.signOuts, tab.stopped, [...tab.activities]]).toEqual([[], [], ['idle']])
  })

  it('ends the session when the user signed out at the server', async () => {
    const { open, side } = await createBench()
    const tab = await open()
    await isProven(side)
    side.answer = { error: 'login_required' }
    side.says = 'changed'
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
    expect(tab.signOuts).toEqual(['session-ended'])
    expect(tab.client.getSnapshot().error).toMatchObject({ code: 'token_invalid', error: 'login_required' })
    expect(frame()).toBeNull()
    // Also deleted from the storage: after a reload no user is signed in.
    await tab.client.close()
    const again = createOAuthClient(tab.client.options)
    await again.start()
    expect(again.getSnapshot().status).toBe('signed-out')
    await again.close()
  })

  it('ends the session if another user signed in at the server, and does not adopt theirs', async () => {
    const { open, side, server } = await createBench()
    const tab = await open()
    server.faults = { ...server.faults, claims: { sub: 'user-2' } }
    side.says = 'changed'
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
    expect(tab.signOuts).toEqual(['user-changed'])
  })

  it('lets one tab verify for all (invariant 2)', async () => {
    const { open, side, server } = await createBench()
    const tabs = [await open(), await open(), await open()]
    await isProven(side)
    const { faults } = server
    // Every tab has seen the change by the time of the response.
    const respond = async ({ url }: Request): Promise<undefined> => {
      if (url.endsWith('/token')) await settled()
      return undefined
    }
    server.faults = { ...faults, respond: respond as never }
    side.says = (question) => (question.endsWith('state-1') ? 'changed' : 'unchanged')
    await expect.poll(() => tabs.map(({ client }) => client.getTokenSet()?.sessionState)).toEqual(Array(3).fill('state-2'))
    await settled()
    expect(side.silent).toHaveLength(1)
    expect(tabs.map(statusOf)).toEqual(Array(3).fill('signed-in'))
  })

  it('verifies ever more rarely if the frame always says "changed", whatever the result', async () => {
    const { open, side } = await createBench()
    let count = 0
    side.answer = new Proxy(side.answer, {
      get: (answer, name: string) => (name === 'session_state' ? `state-n${(count += 1)}` : answer[name]),
    })
    side.says = 'changed'
    const tab = await open()
    const begun: number[] = []
    const { push } = side.silent
    side.silent.push = (...parameters) => (begun.push(performance.now()), push.apply(side.silent, parameters))
    await expect.poll(() => begun.length).toBe(5)
    // A timer may be late, never early: the last pause is eight intervals long.
    expect((begun[4] ?? 0) - (begun[3] ?? 0)).toBeGreaterThan(7 * QUICK * 1000)
    expect([statusOf(tab), tab.stopped]).toEqual(['signed-in', []])
  })

  it('keeps the refresh token of a refresh that was in flight while it verified', async () => {
    const { open, side, server } = await createBench()
    const tab = await open()
    await isProven(side)
    const { faults } = server
    const held: Array<() => void> = []
    // The response of the refresh arrives after that of the silent sign-in.
    const respond = async (request: Request): Promise<undefined> => {
      const isRefresh = request.url.endsWith('/token') && (await request.clone().text()).includes('grant_type=refresh_token')
      if (isRefresh) await new Promise<void>((resolve) => held.push(resolve))
      return undefined
    }
    server.faults = { ...faults, respond: respond as never, token: { refresh_token: undefined } }
    const refreshing = tab.client.refresh()
    await expect.poll(() => held.length).toBe(1)
    side.says = (question) => (question.endsWith('state-1') ? 'changed' : 'unchanged')
    await expect.poll(() => server.bodies.at(-1)?.get('grant_type')).toBe('authorization_code')
    await settled()
    server.faults = { ...faults, token: { refresh_token: 'rotated', id_token: undefined } }
    held[0]?.()
    await refreshing
    await expect.poll(() => tab.client.getTokenSet()?.sessionState).toBe('state-2')
    expect(tab.client.getTokenSet()?.refreshToken).toBe('rotated')
  })

  it.each([
    ['a status of 503', () => new Response('', { status: 503 }), []],
    [
      'the page of a captive portal',
      () => new Response('<!doctype html><title>Log in</title>', { headers: { 'content-type': 'text/html' } }),
      ['invalid_metadata'],
    ],
  ])('tries again if the metadata cannot be loaded at the start: %s', async (_, response, reported) => {
    const { open, side, server } = await createBench()
    const former = await open()
    former.monitor.stop()
    const storage = former.client.options.storage ?? indexedDb()
    let failures = 0
    const respond = ({ url }: Request): Response | undefined =>
      url.includes('/.well-known/') && ++failures < 5 ? response() : undefined
    server.faults = { ...server.faults, respond: respond as never }
    // The session is stored, the metadata is not.
    const tab = await open({
      storage: {
        persistent: storage.persistent,
        keepsCryptoKeys: storage.keepsCryptoKeys,
        get: async (key) => (key.includes('/server') ? undefined : storage.get(key)),
        update: async (key, change) => storage.update(key, change),
        keys: async (prefix) => storage.keys(prefix),
      },
    })
    await isProven(side)
    expect(failures).toBeGreaterThan(4)
    expect([statusOf(tab), tab.stopped.map(({ code }) => code)]).toEqual(['signed-in', reported])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no display')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no display')) as never],
  ])('tries again even if onStopped %s', async (how, onStopped) => {
    const { open, side } = await createBench()
    const warnings: string[] = []
    const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) }
    side.says = undefined
    const tab = await open({ logger })
    tab.monitor.stop()
    const monitor = monitorSession(tab.client, { intervalSeconds: QUICK, onStopped })
    onTestFinished(() => monitor.stop())
    await expect.poll(() => warnings).toContain(`session monitor: onStopped() ${how === 'throws' ? 'threw' : 'rejected'}`)
    const before = side.requested.length
    side.says = 'unchanged'
    await expect.poll(() => side.requested.length).toBeGreaterThan(before)
    expect(statusOf(tab)).toBe('signed-in')
  })

  it('loads the frame again if it does not respond at the start', async () => {
    const { open, side } = await createBench()
    side.says = undefined
    const tab = await open()
    await expect.poll(() => tab.stopped.map(({ code }) => code)).toEqual(['iframe_blocked'])
    side.says = 'unchanged'
    await isProven(side)
    expect(tab.stopped).toHaveLength(1)
  })

  it('does not ask while the page is hidden, and asks at once when it is seen again', async () => {
    const { open, side } = await createBench()
    const visibility = vi.spyOn(document, 'visibilityState', 'get')
    onTestFinished(() => visibility.mockRestore())
    await open()
    await isProven(side)
    visibility.mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(frame()).toBeNull()
    const before = side.requested.length
    await settled()
    expect(side.requested.length).toBe(before)
    visibility.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    await isProven(side)
  })

  it('takes the frame away when it is stopped', async () => {
    const { open, side } = await createBench()
    const { monitor } = await open()
    await isProven(side)
    monitor.stop()
    expect(frame()).toBeNull()
    const before = side.requested.length
    await settled()
    expect(side.requested.length).toBe(before)
  })
})

describe('no false alarms - invariant 3', () => {
  it.each([
    { trouble: 'the server cannot serve', answer: { error: 'temporarily_unavailable' } },
    { trouble: 'the server fails', answer: { error: 'server_error' } },
    { trouble: 'the response is from another issuer', answer: { code: 'code-1', iss: 'https://other.example' } },
  ])('keeps the session when $trouble, and asks again later', async ({ answer }) => {
    const { open, side } = await createBench()
    const tab = await open()
    await isProven(side)
    side.answer = answer as Readonly<Record<string, string>>
    side.says = 'changed'
    await expect.poll(() => side.silent.length).toBeGreaterThan(1)
    expect(statusOf(tab)).toBe('signed-in')
    expect(tab.client.getSnapshot().error).toBeUndefined()
    side.answer = { code: 'code-1', session_state: 'state-2' }
    await expect.poll(() => tab.client.getTokenSet()?.sessionState).toBe('state-2')
    expect([tab.signOuts, tab.stopped]).toEqual([[], []])
  })

  it('keeps the session when the token endpoint cannot be reached', async () => {
    const { open, side, server } = await createBench()
    const tab = await open()
    await isProven(side)
    const { faults } = server
    server.faults = { ...faults, respond: ({ url }) => (url.endsWith('/token') ? new Response('', { status: 503 }) : undefined) }
    side.says = 'changed'
    await expect.poll(() => side.silent.length).toBeGreaterThan(1)
    expect(statusOf(tab)).toBe('signed-in')
    server.faults = faults
    await expect.poll(() => tab.client.getTokenSet()?.sessionState).toBe('state-2')
  })

  it('keeps the session where the frame sees no cookies: it never called the session unchanged (third-party cookies)', async () => {
    const { open, side, server } = await createBench()
    side.says = 'changed'
    side.answer = { error: 'login_required' }
    const tab = await open()
    const before = countOf(server, 'POST /token')
    await expect.poll(() => tab.stopped.map(({ code }) => code)).toEqual(['interaction_required'])
    expect(statusOf(tab)).toBe('signed-in')
    // The refresh token was asked instead, once.
    expect(countOf(server, 'POST /token') - before).toBe(1)
    await settled()
    expect(side.silent).toHaveLength(1)
    expect(frame()).toBeNull()
  })

  it('ends the session there when the refresh token is refused', async () => {
    const { open, side, server } = await createBench()
    side.says = 'changed'
    side.answer = { error: 'login_required' }
    const opening = open()
    const { faults } = server
    const tab = await opening
    server.faults = {
      ...faults,
      respond: ({ url }) => (url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined),
    }
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
    expect(tab.signOuts).toEqual(['session-ended'])
  })

  it('knows after a reload that the frame can see the session: a sign-out in the meantime is noticed', async () => {
    const { open, side } = await createBench()
    const former = await open()
    await isProven(side)
    former.monitor.stop()
    await former.client.close()
    side.says = 'changed'
    side.answer = { error: 'login_required' }
    const tab = await open()
    await expect.poll(() => statusOf(tab)).toBe('signed-out')
    expect(tab.stopped).toEqual([])
  })

  it('keeps the session when the server has to show a page', async () => {
    const { open, side } = await createBench()
    const tab = await open()
    await isProven(side)
    side.answer = { error: 'consent_required' }
    side.says = 'changed'
    await expect.poll(() => tab.stopped.map(({ error }) => error)).toEqual(['consent_required'])
    expect(statusOf(tab)).toBe('signed-in')
  })

  it('does not bring a session back that was ended while it was verified (invariant 10)', async () => {
    const { open, side, server } = await createBench()
    const tab = await open()
    await isProven(side)
    let release: (() => void) | undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let isAsked = false
    server.faults = {
      ...server.faults,
      respond: async ({ url }) => {
        if (url.endsWith('/token')) {
          isAsked = true
          await held
        }
        return undefined
      },
    }
    side.says = 'changed'
    await expect.poll(() => isAsked).toBe(true)
    await tab.client.logout({ local: true, revoke: false })
    release?.()
    await settled()
    expect(statusOf(tab)).toBe('signed-out')
    expect(tab.signOuts).toEqual(['logout'])
  })
})

describe('forged messages - invariant 7', () => {
  it.each(['changed', 'error'])(
    'does nothing for "%s" from another window, or from the frame at another origin',
    async (said) => {
      const { open, side } = await createBench()
      const tab = await open()
      await isProven(side)
      window.postMessage(said, location.origin)
      const source = frame()?.contentWindow ?? null
      window.dispatchEvent(new MessageEvent('message', { data: said, origin: 'https://attacker.example', source }))
      window.dispatchEvent(new MessageEvent('message', { data: said, origin: location.origin, source: null }))
      await settled()
      expect(side.silent).toEqual([])
      expect([statusOf(tab), tab.stopped]).toEqual(['signed-in', []])
      // The same from the frame itself counts.
      window.dispatchEvent(
        new MessageEvent('message', { data: said, origin: location.origin, source: frame()?.contentWindow ?? null }),
      )
      await expect.poll(() => side.silent.length + tab.stopped.length).toBe(1)
    },
  )

  it('does nothing for what no frame says', async () => {
    const { open, side } = await createBench()
    side.says = 'CHANGED'
    const tab = await open()
    await settled()
    expect(side.silent).toEqual([])
    expect(statusOf(tab)).toBe('signed-in')
  })
})

describe('sessions that cannot be watched', () => {
  it('stops at "error" without a silent sign-in', async () => {
    const { open, side } = await createBench()
    const tab = await open()
    await isProven(side)
    side.says = 'error'
    await expect.poll(() => tab.stopped.map(({ code }) => code)).toEqual(['invalid_response'])
    const before = side.requested.length
    await settled()
    expect(side.requested.length).toBe(before)
    expect(side.silent).toEqual([])
    expect(statusOf(tab)).toBe('signed-in')
  })

  it('gives up on a frame that does not respond, and monitors the next session', async () => {
    const { open, side, server } = await createBench()
    side.says = undefined
    const tab = await open()
    await expect.poll(() => tab.stopped.map(({ code }) => code)).toEqual(['iframe_blocked'])
    expect(side.requested.length).toBeLessThanOrEqual(5)
    side.says = 'unchanged'
    await tab.client.login({ transport: instantTransport(server, { answer: { session_state: 'state-9' } }) })
    await expect.poll(() => side.requested.at(-1)?.[0]).toBe('client-1 state-9')
  })

  it.each([
    { what: 'no check_session_iframe', address: undefined, code: 'unsupported' },
    { what: 'one without TLS', address: 'http://server.example/frame', code: 'invalid_metadata' },
    { what: 'one that is a script', address: 'javascript:alert(1)', code: 'invalid_metadata' },
  ])('tells where the server has $what', async ({ address, code }) => {
    const { open, server } = await createBench()
    server.faults = { metadata: { check_session_iframe: address } }
    const tab = await open()
    await expect.poll(() => tab.stopped.map((error) => error.code)).toEqual([code])
    expect(frame()).toBeNull()
    expect(statusOf(tab)).toBe('signed-in')
  })

  it('tells once where the response had no session_state', async () => {
    const { open, side } = await createBench('')
    const tab = await open()
    await expect.poll(() => tab.stopped.map(({ code }) => code)).toEqual(['unsupported'])
    await tab.client.refresh()
    expect(tab.stopped).toHaveLength(1)
    expect(side.requested).toEqual([])
  })

  it('rejects an interval that makes no sense, and a client of other making', async () => {
    const { client } = await createClientBench()
    expect(() => monitorSession(client, { intervalSeconds: 0 })).toThrow(expect.objectContaining({ code: 'configuration' }))
    expect(() => monitorSession({ ...client })).toThrow(expect.objectContaining({ code: 'configuration' }))
    expect(() => monitorSession(client).stop()).not.toThrow()
  })
})
