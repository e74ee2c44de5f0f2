import { describe, expect, it } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import { createClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { CLIENT_EVENT_NAMES } from '../client/events.js'
import type { TestServer } from '../protocol/test-server.fixture.js'
import type { AttemptEvent } from './attempt.js'
import { observeAttempts } from './observe-attempts.js'

interface Named {
  readonly name: string
  readonly attemptId?: string | undefined
  readonly durationMs?: number | undefined
}

interface ObservedBench {
  readonly server: TestServer
  readonly client: OAuthClient
  readonly advance: (ms: number) => void
  readonly attempts: AttemptEvent[]
  /** The events of `client.on`. */
  readonly events: Named[]
  readonly ended: (kind: string) => Extract<AttemptEvent, { type: 'ended' }>
}

async function createObservedBench(options: Partial<ClientOptions> = {}): Promise<ObservedBench> {
  const bench = await createClientBench(options)
  const attempts: AttemptEvent[] = []
  const events: Named[] = []
  // A listener that was there before gets the ids, too.
  for (const name of CLIENT_EVENT_NAMES) bench.client.on(name, (event) => events.push({ ...event, name }))
  observeAttempts(bench.client, (event) => attempts.push(structuredClone(event)))
  const ended: ObservedBench['ended'] = (kind) => {
    const found = attempts.findLast((event) => event.type === 'ended' && event.attempt.kind === kind)
    if (found?.type !== 'ended') throw new Error(`no ${kind} has ended`)
    return found
  }
  return { ...bench, attempts, events, ended }
}

describe('the attempts of a client', () => {
  it('give all events of a sign-in one id, and a duration', async () => {
    const { client, events, ended, advance, server } = await createObservedBench()
    server.faults = {
      respond: (request) => {
        if (request.url.endsWith('/token')) advance(1500)
        return undefined
      },
    }
    await client.login()
    const { attempt, durationMs, outcome } = ended('sign-in')
    expect(outcome).toBe('succeeded')
    expect(durationMs).toBeGreaterThanOrEqual(1500)
    expect(events.map(({ name }) => name)).toEqual(['token-set', 'signed-in'])
    for (const event of events) expect(event).toMatchObject({ attemptId: attempt.id, durationMs: expect.any(Number) as number })
  })

  it('give the events of a refresh another id than those of the sign-in', async () => {
    const { client, events, ended } = await createObservedBench()
    await client.login()
    events.length = 0
    await Promise.all([client.refresh(), client.refresh()])
    expect(ended('refresh').outcome).toBe('succeeded')
    expect(events).toMatchObject([{ name: 'token-set', attemptId: ended('refresh').attempt.id }])
    expect(ended('refresh').attempt.id).not.toBe(ended('sign-in').attempt.id)
  })

  it('give each event of a session that ends by a refused refresh the same id', async () => {
    const { client, events, ended, server } = await createObservedBench()
    await client.login()
    events.length = 0
    server.faults = { respond: () => Response.json({ error: 'invalid_grant' }, { status: 400 }) }
    await client.refresh().catch(() => undefined)
    expect(events.map(({ name }) => name)).toEqual(['signed-out', 'error', 'refresh-failed'])
    expect(new Set(events.map(({ attemptId }) => attemptId))).toEqual(new Set([ended('refresh').attempt.id]))
    expect(ended('refresh')).toMatchObject({ outcome: 'failed', errorCode: 'token_invalid' })
  })

  it('give a refresh that fails for a moment one attempt, whose session is kept', async () => {
    const { client, events, attempts, server } = await createObservedBench()
    await client.login()
    events.length = attempts.length = 0
    server.faults = { respond: () => new Response(null, { status: 503 }) }
    await client.refresh().catch(() => undefined)
    expect(attempts.filter(({ type }) => type === 'ended')).toHaveLength(1)
    expect(new Set(events.map(({ attemptId }) => attemptId)).size).toBe(1)
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('give the token of one resource an attempt of its own', async () => {
    const { client, attempts } = await createObservedBench()
    await client.login()
    attempts.length = 0
    await client.getAccessToken({ resource: 'https://api.example/orders' })
    expect(attempts.map(({ type, attempt }) => `${attempt.kind} ${type}`)).toEqual([
      'refresh started',
      'refresh request',
      'refresh ended',
    ])
  })

  it('have the sign-out, its request and its event', async () => {
    const { client, attempts, events } = await createObservedBench()
    await client.login()
    attempts.length = events.length = 0
    await client.logout()
    expect(attempts.map(({ type, attempt }) => `${attempt.kind} ${type}`)).toEqual([
      'sign-out started',
      'sign-out request',
      'sign-out ended',
    ])
    expect(events).toMatchObject([{ name: 'signed-out', attemptId: attempts[0]?.attempt.id }])
  })

  it('contain nothing of a URL without a host, whose path is its content', async () => {
    const { client, attempts } = await createObservedBench()
    await client.login()
    attempts.length = 0
    for (const url of [
      'data:text/plain,s3cret',
      'blob:https://app.example/s3cret',
      'https://user:s3cret@api.example/a?s3cret#s3cret',
    ])
      await client.fetch(url).catch(() => undefined)
    expect(
      attempts.flatMap((event) => (event.type === 'request' && event.attempt.kind === 'fetch' ? event.request.url : [])),
    ).toEqual(['data:', 'blob:', 'https://api.example/a'])
    expect(JSON.stringify(attempts)).not.toContain('s3cret')
  })

  it('have each call, whose token is refreshed in an attempt of its own', async () => {
    const { client, attempts, advance } = await createObservedBench()
    await client.login()
    attempts.length = 0
    advance(299_000)
    await client.fetch('https://api.example/orders')
    expect(attempts.filter(({ type }) => type === 'ended').map(({ attempt }) => attempt.kind)).toEqual(['refresh', 'fetch'])
  })

  it('tell apart the sign-ins of two windows that are open at once', async () => {
    const { client, attempts, ended } = await createObservedBench()
    const open = client.options.transport as Exclude<ClientOptions['transport'], string | undefined>
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const slow = {
      name: 'slow',
      prepare: (...given: Parameters<typeof open.prepare>) => {
        const prepared = open.prepare(...given)
        const navigate: typeof prepared.navigate = async (request) => {
          await released
          return prepared.navigate(request)
        }
        return { cancel: () => prepared.cancel(), navigate }
      },
    }
    const first = client.login({ transport: slow })
    await client.login()
    const second = ended('sign-in').attempt
    release()
    await first.catch(() => undefined)
    expect(ended('sign-in').attempt.transport).toBe('slow')
    expect(second.transport).toBe('test')
    expect(attempts.filter(({ type }) => type === 'started')).toHaveLength(2)
  })

  it('do not end a sign-in by the exception of a listener', async () => {
    const warnings: string[] = []
    const { client } = await createClientBench({ logger: { debug: () => undefined, warn: (text) => warnings.push(text) } })
    observeAttempts(client, () => {
      throw new Error('of the app')
    })
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(warnings[0]).toContain('threw')
  })

  it('are not emitted to a listener that was removed', async () => {
    const { client } = await createClientBench()
    const events: AttemptEvent[] = []
    observeAttempts(client, (event) => events.push(event))()
    await client.login()
    expect(events).toEqual([])
  })

  it('need a client that createOAuthClient() made', () => {
    expect(() => observeAttempts({} as OAuthClient, () => undefined)).toThrow(/createOAuthClient/)
  })
})
