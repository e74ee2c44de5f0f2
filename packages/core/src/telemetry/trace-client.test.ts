import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import { createClientBench, instantTransport } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { observeAttempts } from '../attempts/observe-attempts.js'
import type { AttemptEvent } from '../attempts/attempt.js'
import { issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'
import { traceClient } from './trace-client.js'

function createTracing(): { readonly exporter: InMemorySpanExporter; readonly provider: BasicTracerProvider } {
  const exporter = new InMemorySpanExporter()
  return { exporter, provider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }) }
}

interface TracedBench {
  readonly server: TestServer
  readonly client: OAuthClient
  readonly spans: () => readonly ReadableSpan[]
  readonly named: (name: string) => ReadableSpan
  readonly childrenOf: (parent: ReadableSpan) => readonly string[]
}

async function createTracedBench(options: Partial<ClientOptions> = {}): Promise<TracedBench> {
  const { server, client } = await createClientBench(options)
  const { exporter, provider } = createTracing()
  traceClient(client, { tracer: provider.getTracer('test') })
  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans()
  const named = (name: string): ReadableSpan => {
    const found = spans().find((span) => span.name === name)
    if (!found) throw new Error(`no span ${name}`)
    return found
  }
  const childrenOf = (parent: ReadableSpan): readonly string[] =>
    spans()
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId)
      .map(({ attributes }) => new URL(String(attributes['url.full'])).pathname)
  return { server, client, spans, named, childrenOf }
}

describe('the spans of a client', () => {
  it('has no name that a caller has made up as a method', async () => {
    const { client, spans } = await createTracedBench()
    await client.login()
    await client.fetch('https://api.example.com/orders', { method: 'PURGE' }).catch(() => undefined)
    const call = spans().find(({ attributes }) => attributes['http.request.method_original'] === 'PURGE')
    expect([call?.name, call?.attributes['http.request.method']]).toEqual(['HTTP', '_OTHER'])
  })

  it('has a sign-in with its requests to the authorization server', async () => {
    const { client, named, childrenOf } = await createTracedBench()
    await client.login()
    const signIn = named('oauth.sign_in')
    expect(signIn.attributes).toMatchObject({
      'latchkey.outcome': 'succeeded',
      'latchkey.transport': 'test',
      'latchkey.attempt.kind': 'sign-in',
    })
    expect(childrenOf(signIn)).toEqual(expect.arrayContaining(['/.well-known/openid-configuration', '/jwks', '/token']))
    expect(named('POST').attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.full': `${issuer}/token`,
      'server.address': 'server.example',
      'server.port': 443,
      'latchkey.grant_type': 'authorization_code',
    })
  })

  it('has a refresh, a call, UserInfo and a sign-out', async () => {
    const { client, named, childrenOf, spans } = await createTracedBench()
    await client.login()
    await client.refresh()
    expect(childrenOf(named('oauth.refresh'))).toEqual(['/token'])
    expect(named('oauth.refresh').attributes['latchkey.outcome']).toBe('succeeded')
    await client.fetch('https://api.example/orders?user=1#part', { method: 'DELETE' })
    expect(named('DELETE').attributes).toMatchObject({
      'url.full': 'https://api.example/orders',
      'http.response.status_code': 404,
      'error.type': '404',
    })
    expect(named('DELETE').status.code).toBe(SpanStatusCode.ERROR)
    await client.userInfo()
    expect(childrenOf(named('oauth.user_info'))).toEqual(['/userinfo'])
    await client.logout()
    expect(childrenOf(named('oauth.sign_out'))).toEqual(['/revoke'])
    expect(spans().filter(({ name }) => name === 'oauth.sign_in')).toHaveLength(1)
  })

  it('has the code of the error that a sign-in failed with', async () => {
    const { client, server, named } = await createTracedBench()
    server.faults = { claims: { aud: 'another-client' } }
    const error = (await client.login().catch((cause: unknown) => cause)) as { readonly code: string }
    expect(named('oauth.sign_in').status.code).toBe(SpanStatusCode.ERROR)
    expect(named('oauth.sign_in').attributes).toMatchObject({ 'latchkey.outcome': 'failed', 'error.type': error.code })
  })

  it('has the status and the code of a refresh that failed', async () => {
    const { client, server, named, spans } = await createTracedBench()
    await client.login()
    server.faults = { respond: () => Response.json({ error: 'invalid_grant' }, { status: 400 }) }
    await client.refresh().catch(() => undefined)
    expect(named('oauth.refresh').attributes).toMatchObject({ 'latchkey.outcome': 'failed', 'error.type': 'token_invalid' })
    const request = spans().find(({ attributes }) => attributes['latchkey.grant_type'] === 'refresh_token')
    expect(request?.attributes).toMatchObject({ 'http.response.status_code': 400, 'error.type': '400' })
  })

  it('has one trace for two clients of the same user that share a transaction', async () => {
    // The page of the callback is another page with a new client, as after a redirect.
    const storage = memory()
    const callback: { url?: URL } = {}
    const { exporter, provider } = createTracing()
    const open = (server: TestServer): OAuthClient => {
      const prepared = instantTransport(server).prepare()
      const client = createOAuthClient({
        issuer,
        clientId: 'client-1',
        redirectUri,
        storage,
        fetch: server.fetch,
        transport: {
          name: 'redirect',
          prepare: () => ({
            async navigate(request) {
              callback.url = (await prepared.navigate(request)) as URL
              return new Promise<never>(() => undefined)
            },
            cancel: () => undefined,
          }),
        },
      })
      traceClient(client, { tracer: provider.getTracer('test') })
      return client
    }
    const { server } = await createClientBench()
    void open(server).login()
    await expect.poll(() => callback.url).toBeDefined()
    const ids: unknown[] = []
    const second = open(server)
    second.on('signed-in', (event) => ids.push(event))
    await second.handleCallback(callback.url)
    const [before, after] = ['oauth.sign_in', 'oauth.sign_in.callback'].map((name) =>
      exporter.getFinishedSpans().find((span) => span.name === name),
    )
    expect(before?.attributes['latchkey.outcome']).toBe('redirected')
    expect(after?.attributes['latchkey.outcome']).toBe('succeeded')
    expect(after?.spanContext().traceId).toBe(before?.spanContext().traceId)
    expect(after?.parentSpanContext?.spanId).toBe(before?.spanContext().spanId)
    expect(after?.attributes['latchkey.attempt.id']).toBe(before?.attributes['latchkey.attempt.id'])
    expect(ids).toMatchObject([
      { attemptId: before?.attributes['latchkey.attempt.id'], durationMs: expect.any(Number) as number },
    ])
  })
})

describe('what is exported', () => {
  it('contains no secret of any flow', async () => {
    const secrets = [
      'access-token-1',
      'refresh-token-2',
      'code-1',
      'marked-query',
      'marked-fragment',
      'marked-header',
      'marked-body',
    ]
    const { client, server, spans } = await createTracedBench()
    const events: AttemptEvent[] = []
    observeAttempts(client, (event) => events.push(event))
    const requested: URL[] = []
    const prepared = instantTransport(server).prepare()
    const transport = {
      name: 'test',
      prepare: () => ({
        navigate: (request: Parameters<typeof prepared.navigate>[0]) => {
          requested.push(request.url)
          return prepared.navigate(request)
        },
        cancel: () => undefined,
      }),
    }
    await client.login({ transport, loginHint: 'marked-query' })
    await client.refresh()
    await client.userInfo()
    await client.fetch('https://marked-user.example@api.example/').catch(() => undefined)
    await client.fetch('https://api.example/a?token=marked-query#marked-fragment', {
      method: 'POST',
      headers: { 'x-api-key': 'marked-header' },
      body: 'marked-body',
    })
    server.faults = {
      respond: () => Response.json({ error: 'invalid_request', error_description: 'marked-body' }, { status: 400 }),
    }
    await client.refresh().catch(() => undefined)
    await client.logout()
    const idToken = client.getTokenSet()?.idToken
    for (const url of requested)
      for (const name of ['state', 'nonce', 'code_challenge']) secrets.push(url.searchParams.get(name) ?? name)
    const text = JSON.stringify([
      events,
      spans().map(({ name, attributes, events: of, status, links, resource }) => [
        name,
        attributes,
        of,
        status,
        links,
        resource.attributes,
      ]),
    ])
    expect(idToken).toBeUndefined()
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    expect(text).not.toMatch(/[?#]|eyJ/)
    const sent = server.bodies.flatMap((body) =>
      ['code', 'code_verifier', 'refresh_token', 'token'].map((name) => body.get(name)),
    )
    for (const secret of sent) if (secret !== null) expect(text).not.toContain(secret)
  })
})
