import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'

/** A request object is a few hundred bytes; a page that puts more here is not this one. */
const maximumLength = 16_384
const maxObjects = 50

/**
 * The app's own web server, so to speak: the page puts a signed request under an address of its own (`PUT`), and the authorization
 * server fetches it from there (RFC 9101, section 5.2.2). For this page alone: no other origin may write.
 */
export function requestObjectStore(path: string): Plugin {
  const objects = new Map<string, string>()
  const handle: Connect.NextHandleFunction = (request, response) => {
    if (request.method === 'PUT') void put(request, response, objects)
    else get(request, response, objects)
  }
  return {
    name: 'request-object-shelf',
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
  // A browser puts this header on every request, and a page cannot change it (Fetch Metadata Request Headers, section 2.3).
  if (request.headers['sec-fetch-site'] !== 'same-origin') return void response.writeHead(403).end()
  const text = await readText(request).catch(() => undefined)
  if (text === undefined) return void response.writeHead(413).end()
  const { url = '/' } = request
  objects.delete(url)
  objects.set(url, text)
  const [oldest] = objects.keys()
  if (objects.size > maxObjects && oldest !== undefined) objects.delete(oldest)
  response.writeHead(204).end()
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > maximumLength) throw new RangeError('the request object is too large')
  }
  return text
}
