import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'

/** A request object has a few hundred bytes; this page never sends more. */
const MAX_LENGTH = 16_384
const MAX_OBJECTS = 50

/**
 * Creates a Vite plugin that acts as the app's web server: the page stores a signed request with `PUT`, and the authorization server
 * fetches it (RFC 9101, section 5.2.2). Other origins may not write.
 */
export function requestObjectStore(path: string): Plugin {
  const objects = new Map<string, string>()
  const handle: Connect.NextHandleFunction = (request, response) => {
    if (request.method === 'PUT') void put(request, response, objects)
    else get(request, response, objects)
  }
  return {
    name: 'request-object-store',
    configureServer: ({ middlewares }) => void middlewares.use(path, handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(path, handle),
  }
}

function get({ url = '/' }: IncomingMessage, response: ServerResponse, objects: ReadonlyMap<string, string>): void {
  const object = objects.get(url)
  const headers = { 'content-type': 'application/oauth-authz-req+jwt', 'cache-control': 'no-store' }
  if (object === undefined) response.writeHead(404).end()
  else response.writeHead(200, headers).end(object)
}

async function put(request: IncomingMessage, response: ServerResponse, objects: Map<string, string>): Promise<void> {
  // The browser sends this header, and a page cannot change it (Fetch Metadata Request Headers, section 2.3).
  if (request.headers['sec-fetch-site'] !== 'same-origin') return void response.writeHead(403).end()
  const text = await readText(request).catch(() => undefined)
  if (text === undefined) return void response.writeHead(413).end()
  const { url = '/' } = request
  objects.delete(url)
  objects.set(url, text)
  const [oldest] = objects.keys()
  if (objects.size > MAX_OBJECTS && oldest !== undefined) objects.delete(oldest)
  response.writeHead(204).end()
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MAX_LENGTH) throw new RangeError('the request object is too large')
  }
  return text
}
