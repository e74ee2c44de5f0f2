// The worker file of a test app. It sends its requests to a server in the test's page.
import { indexedDb } from '../storage/indexed-db.js'
import { isolatedStorage, serveClient, type ServedClientOptions } from '../worker-host.js'

export interface ServeMessage {
  readonly type: 'test/serve'
  readonly options: Omit<ServedClientOptions, 'storage' | 'fetch' | 'now'>
  readonly storage: 'isolated' | 'indexedDb'
  readonly database: string
}

export interface SentRequest {
  readonly id: number
  readonly url: string
  readonly init: { readonly method: string; readonly headers: Array<[string, string]>; readonly body: Blob | undefined }
}

export type NetworkMessage =
  | { readonly type: 'request'; readonly request: SentRequest }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'response'; readonly id: number; readonly init: ResponseInit; readonly body: ReadableStream | null }

let offset = 0

addEventListener('message', ({ data, ports: [network] }: MessageEvent<unknown>) => {
  if (isServeMessage(data) && network) {
    const storage = data.storage === 'isolated' ? isolatedStorage(data.database) : indexedDb(data.database)
    serveClient({ ...data.options, storage, fetch: fetchOver(network), now: () => Date.now() + offset })
  }
  if (typeof data === 'object' && data !== null && 'advance' in data) offset += Number(data.advance)
})

function fetchOver(network: MessagePort): typeof fetch {
  const waiting = new Map<number, (response: Response) => void>()
  let lastId = 0
  network.addEventListener('message', ({ data }: MessageEvent<NetworkMessage>) => {
    if (data.type === 'response') waiting.get(data.id)?.(new Response(data.body, data.init))
  })
  network.start()
  return async (input, init) => {
    const request = new Request(input, init)
    const { url, method, headers, signal } = request
    const blob = await request.blob()
    const id = (lastId += 1)
    const sent = { id, url, init: { method, headers: [...headers], body: blob.size > 0 ? blob : undefined } }
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      signal.addEventListener('abort', () => {
        network.postMessage({ type: 'abort', id } satisfies NetworkMessage)
        reject(signal.reason as Error)
      })
      // Like the browser: the URL of the request, with its query.
      waiting.set(id, (response) => resolve(Object.defineProperty(response, 'url', { value: url })))
      network.postMessage({ type: 'request', request: sent } satisfies NetworkMessage)
    })
  }
}

function isServeMessage(data: unknown): data is ServeMessage {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'test/serve'
}
