import { InMemorySpanExporter, SimpleSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web'
import { afterEach, expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import { memory } from '../storage/memory.js'
import { traceClient } from './trace-client.js'

const exporter = new InMemorySpanExporter()

afterEach(() => exporter.reset())

it('is traced in a page by the SDK for browsers, with Request objects and real times', async () => {
  const provider = new WebTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const { client } = await createClientBench({ storage: memory() })
  traceClient(client, { tracer: provider.getTracer('page'), attributes: { 'app.client': 'main' } })
  const before = Date.now()
  await client.login()
  await client.fetch('https://api.example/orders')
  const spans = exporter.getFinishedSpans()
  const signIn = spans.find(({ name }) => name === 'oauth.sign_in')
  expect(signIn?.attributes).toMatchObject({ 'latchkey.outcome': 'succeeded', 'app.client': 'main' })
  expect(Math.abs((signIn?.startTime[0] ?? 0) - before / 1000)).toBeLessThan(60)
  for (const { startTime, endTime } of spans)
    expect(endTime[0] * 1e9 + endTime[1]).toBeGreaterThanOrEqual(startTime[0] * 1e9 + startTime[1])
  expect(spans.filter(({ name }) => name === 'GET').map(({ attributes }) => attributes['url.full'])).toContain(
    'https://api.example/orders',
  )
  await client.close()
})
