import { onTestFinished } from 'vitest'
import { instantTransport } from '../client/client.fixture.js'
import type { OAuthClient } from '../client/client.js'
import { createTestServer, issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import type { NetworkMessage, SentRequest, ServeMessage } from './served-client.fixture.js'
import { workerClient, type WorkerClientOptions } from './worker-client.js'
import type { ClientWorker } from './connect-worker.js'

export interface WorkerTab {
  readonly client: OAuthClient
  /** All messages between page and worker, as text. */
  readonly wire: string[]
  /** Closes the page and its worker. */
  readonly crash: () => void
}

export interface WorkerBench {
  readonly server: TestServer
  /** The requests of the workers, in order. */
  readonly sent: SentRequest[]
  /** Ids of the requests that a worker aborted. */
  readonly aborted: number[]
  /** Moves the device's clock forward. */
  readonly advance: (ms: number) => void
  readonly open: (page?: Partial<WorkerClientOptions>, served?: Partial<ServeMessage['options']>) => WorkerTab
  readonly name: string
}

const workerUrl = import('./served-client.fixture.ts?bundle').then(({ default: code }) =>
  URL.createObjectURL(new Blob([code], { type: 'text/javascript' })),
)

/** An authorization server in this page, and workers (one for each tab) that send their requests to it. */
export async function createWorkerBench(storage: ServeMessage['storage'] = 'isolated'): Promise<WorkerBench> {
  const [server, url] = await Promise.all([createTestServer(), workerUrl])
  const name = crypto.randomUUID()
  const bench = { server, name, sent: [] as SentRequest[], aborted: [] as number[] }
  const clock = { offset: 0 }
  const workers = new Set<Worker>()
  server.authTime = server.now()
  server.now = () => Math.floor((Date.now() + clock.offset) / 1000)
  const open: WorkerBench['open'] = (page = {}, served = {}) => {
    const worker = new Worker(url, { type: 'module' })
    workers.add(worker)
    onTestFinished(() => worker.terminate())
    const { port1, port2 } = new MessageChannel()
    serveNetwork(port1, bench)
    const options = {
      issuer,
      clientId: 'client-1',
      name,
      scope: 'openid profile',
      resources: ['https://api.example/'],
      ...served,
    }
    const message: ServeMessage = { type: 'test/serve', options, storage, database: `worker-${name}` }
    worker.postMessage(message, [port2])
    worker.postMessage({ advance: clock.offset })
    const wire: string[] = []
    const now = (): number => Date.now() + clock.offset
    const identity = { issuer, clientId: 'client-1', name, redirectUri, transport: instantTransport(server), now }
    const client = workerClient({ ...identity, worker: recorded(worker, wire), ...page })
    return { client, wire, crash: () => worker.terminate() }
  }
  const advance = (ms: number): void => {
    clock.offset += ms
    workers.forEach((worker) => worker.postMessage({ advance: ms }))
  }
  return { ...bench, advance, open }
}

function serveNetwork(port: MessagePort, bench: Pick<WorkerBench, 'server' | 'sent' | 'aborted'>): void {
  const serve = async (request: SentRequest): Promise<void> => {
    const { id, url, init } = request
    bench.sent.push(request)
    const response = await bench.server.fetch(new Request(url, { ...init, body: init.body ?? null }))
    const { status, headers, body } = response
    const message: NetworkMessage = { type: 'response', id, init: { status, headers: [...headers] }, body }
    port.postMessage(message, body ? [body] : [])
  }
  port.addEventListener('message', ({ data }: MessageEvent<NetworkMessage>) => {
    if (data.type === 'abort') bench.aborted.push(data.id)
    if (data.type === 'request') void serve(data.request)
  })
  port.start()
}

/** Records all messages. */
function recorded(worker: Worker, wire: string[]): ClientWorker {
  return {
    addEventListener: (type, listener) => worker.addEventListener(type, listener),
    postMessage(message, [pagePort]) {
      const { port1, port2 } = new MessageChannel()
      worker.postMessage(message, [port2])
      if (pagePort instanceof MessagePort) relay(pagePort, port1, wire)
    },
  }
}

function relay(page: MessagePort, worker: MessagePort, wire: string[]): void {
  const forward =
    (to: MessagePort) =>
    ({ data }: MessageEvent<unknown>): void => {
      wire.push(JSON.stringify(data))
      to.postMessage(data, streamsIn(data))
    }
  page.addEventListener('message', forward(worker))
  worker.addEventListener('message', forward(page))
  page.start()
  worker.start()
}

function streamsIn(data: unknown): Transferable[] {
  if (data instanceof ReadableStream) return [data]
  if (typeof data !== 'object' || data === null) return []
  return Object.values(data).flatMap(streamsIn)
}

/** Delays a response until the test releases it. */
export function hold(): { readonly wait: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined
  const wait = new Promise<void>((resolve) => (release = resolve))
  return { wait, release: () => release() }
}
