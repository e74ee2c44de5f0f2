import { onTestFinished } from 'vitest'
import { instantTransport } from '../client/client.fixture.js'
import type { OAuthClient } from '../client/client.js'
import { createTestServer, issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import type { NetworkMessage, SentRequest, ServeMessage } from './served-client.fixture.js'
import { workerClient, type WorkerClientOptions } from './worker-client.js'
import type { ClientWorker } from './connect-worker.js'

export interface WorkerTab {
  readonly client: OAuthClient
  /** Everything that went over between page and worker, as text. */
  readonly wire: string[]
  /** The page is gone, and its worker with it. */
  readonly crash: () => void
}

export interface WorkerBench {
  readonly server: TestServer
  /** What the worker sent, in order. */
  readonly sent: SentRequest[]
  /** Ids of requests that the worker broke off. */
  readonly aborted: number[]
  /** Milliseconds that the device's clock is put forward by. */
  readonly advance: (ms: number) => void
  readonly open: (page?: Partial<WorkerClientOptions>, served?: Partial<ServeMessage['options']>) => WorkerTab
  readonly name: string
}

/** An authorization server in this page, and workers (each a tab of its own) whose requests all come here. */
export async function createWorkerBench(storage: ServeMessage['storage'] = 'isolated'): Promise<WorkerBench> {
  const server = await createTestServer()
  const name = crypto.randomUUID()
  const bench = { server, name, sent: [] as SentRequest[], aborted: [] as number[] }
  const clock = { offset: 0 }
  const workers = new Set<Worker>()
  server.authTime = server.now()
  server.now = () => Math.floor((Date.now() + clock.offset) / 1000)
  const open: WorkerBench['open'] = (page = {}, served = {}) => {
    const worker = new Worker(new URL('./served-client.fixture.ts', import.meta.url), { type: 'module' })
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
    const client = workerClient({ ...identity, worker: tapped(worker, wire), ...page })
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
    const answer: NetworkMessage = { type: 'response', id, init: { status, headers: [...headers] }, body }
    port.postMessage(answer, body ? [body] : [])
  }
  port.addEventListener('message', ({ data }: MessageEvent<NetworkMessage>) => {
    if (data.type === 'abort') bench.aborted.push(data.id)
    if (data.type === 'request') void serve(data.request)
  })
  port.start()
}

/** Listens in on everything that goes over. */
function tapped(worker: Worker, wire: string[]): ClientWorker {
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

/** Holds an answer of the server back until the test lets it go. */
export function held(): { readonly wait: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined
  const wait = new Promise<void>((resolve) => (release = resolve))
  return { wait, release: () => release() }
}
