import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { connect, Socket, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bufferedBody } from '../http/buffered-request.js'
import { fetchOf, Reply, type ReplyHandler } from '../http/reply.js'
import { toNodeHandler } from './node.js'
import { receiveRequest } from './receive-request.js'

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** Starts a server of Node, and returns a function that sends it text and returns what it sends back. */
async function listen(handle: ReplyHandler, isWrapped = false): Promise<(text: string) => Promise<string>> {
  const own = fetchOf(handle)
  // A function of the host gets the requests with a stream.
  const server = { fetch: isWrapped ? (request: Request, env?: unknown) => own(request, env) : own }
  const http = createServer((incoming, outgoing) => void toNodeHandler(server)(incoming, outgoing))
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  opened.push(() => new Promise((resolve) => http.close(resolve).closeAllConnections()))
  const { port } = http.address() as AddressInfo
  return (text) =>
    new Promise((resolve, reject) => {
      let received = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
      socket.once('error', reject).once('close', () => resolve(received))
    })
}

async function describeRequest(request: Request): Promise<unknown> {
  const { method, url, headers, bodyUsed, redirect, keepalive, mode, credentials, cache, integrity, referrer } = request
  const copy = request.clone()
  return {
    ...{ method, url, bodyUsed, redirect, keepalive, mode, credentials, cache, integrity, referrer },
    isRequest: request instanceof Request && headers instanceof Headers,
    headers: [...headers],
    copied: [...new Headers(headers)],
    names: [...headers.keys()],
    single: ['x-list', 'X-LIST', 'authorization', 'cookie', 'absent'].map((name) => [headers.get(name), headers.has(name)]),
    policy: [request.destination, request.referrerPolicy, request.signal.aborted],
    body: [await copy.text(), await request.text(), request.bodyUsed],
  }
}

const END = 'Connection: close\r\n'
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n'

const REQUESTS: Readonly<Record<string, string>> = {
  'a form': `POST /token HTTP/1.1\r\nHost: id.example\r\n${END}${FORM}Content-Length: 8\r\n\r\na=%C3%A4`,
  'bytes that are not ASCII': `POST /token HTTP/1.1\r\nHost: id.example\r\n${END}${FORM}Content-Length: 3\r\n\r\n\u00e4=`,
  'a query': `GET /authorize?a=b%20c&d='x|%zz HTTP/1.1\r\nHost: id.example:8080\r\n${END}\r\n`,
  'a host in capitals': `GET /a HTTP/1.1\r\nHost: ID.example:80\r\n${END}\r\n`,
  'repeated headers': `GET /a HTTP/1.1\r\nHost: id.example\r\n${END}X-List: 1\r\nx-list:  2 \r\nCookie: a=1\r\nCookie: b=2\r\nAuthorization: Basic YQ==\r\nAuthorization: Basic Yg==\r\n\r\n`,
  'a body of chunks': `POST /a HTTP/1.1\r\nHost: id.example\r\n${END}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`,
}

const LONG: Readonly<Record<string, string>> = {
  'the longest body': `POST /a HTTP/1.1\r\nHost: id.example\r\n${END}Content-Length: 65536\r\n\r\n${'a'.repeat(65_536)}`,
  'a body that is too long': `POST /a HTTP/1.1\r\nHost: id.example\r\n${END}Content-Length: 65537\r\n\r\n${'a'.repeat(65_537)}`,
}

describe('a request that is received in whole', () => {
  it.each(Object.entries(REQUESTS))('is the same as one with a stream: %s', async (_, text) => {
    const seen: unknown[] = []
    const handle: ReplyHandler = async (request) => {
      seen.push(await describeRequest(request))
      return new Reply('{}', 200, {})
    }
    const received = [await (await listen(handle))(text), await (await listen(handle, true))(text)]
    expect(received.map((one) => one.slice(0, 12))).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
    expect(seen).toHaveLength(2)
    expect(seen[0]).toEqual(seen[1])
  })

  it.each([
    ['a form', true],
    ['a body of chunks', false],
    ['the longest body', true],
    ['a body that is too long', false],
  ])('has its body at once: %s', async (name, isBuffered) => {
    const bodies: unknown[] = []
    const handle: ReplyHandler = (request) => {
      bodies.push(bufferedBody(request))
      return Promise.resolve(new Reply(null, 200, {}))
    }
    await (
      await listen(handle)
    )(REQUESTS[name] ?? LONG[name] ?? '')
    expect(bodies.map((body) => body !== undefined)).toEqual([isBuffered])
  })

  it('is not waited for if middleware of the host has read its body', () => {
    const incoming = new IncomingMessage(new Socket())
    Object.assign(incoming, { method: 'POST', url: '/token', httpVersionMajor: 1 })
    Object.assign(incoming.headers, { host: 'id.example', 'content-length': '1' })
    const receive = (): unknown => receiveRequest(incoming, new ServerResponse(incoming))
    expect(receive()).toBeInstanceOf(Promise)
    expect(receiveRequest(Object.assign(incoming, { rawBody: 'a' }), new ServerResponse(incoming))).toBeUndefined()
    Reflect.deleteProperty(incoming, 'rawBody')
    incoming.push('a')
    incoming.read()
    expect(receive()).toBeUndefined()
  })

  it('has a signal that says that the client is gone', async () => {
    let socket: { destroy(): void } | undefined
    const aborted = new Promise<boolean>((resolve) => {
      void listen((request, env) => {
        ;({ socket } = (env as { incoming: { socket: { destroy(): void } } }).incoming)
        return new Promise((respond) => {
          request.signal.addEventListener('abort', () => {
            resolve(request.signal.aborted)
            respond(new Reply(null, 200, {}))
          })
          socket?.destroy()
        })
      }).then((send) => send(REQUESTS['a form'] ?? '').catch(() => undefined))
    })
    expect(await aborted).toBe(true)
  })

  it('is answered with a stream if the handler returns one', async () => {
    const send = await listen(() => Promise.resolve(new Response('text', { status: 201, headers: { 'x-name': 'value' } })))
    expect(await send(REQUESTS['a form'] ?? '')).toMatch(/^HTTP\/1\.1 201[^]*x-name: value[^]*text/)
  })

  it('has headers that can be changed', async () => {
    const seen: unknown[] = []
    const send = await listen(({ headers }) => {
      headers.append('x-list', '3')
      headers.set('x-name', 'one')
      headers.delete('cookie')
      headers.forEach((value, name, parent) => seen.push([name, value, parent === headers]))
      seen.push([headers.get('x-list'), headers.has('cookie'), headers.getSetCookie(), [...headers.values()].length])
      return Promise.resolve(new Reply(null, 200, {}))
    })
    await send(REQUESTS['repeated headers'] ?? '')
    expect(seen).toContainEqual(['x-list', '1, 2, 3', true])
    expect(seen.at(-1)).toEqual(['1, 2, 3', false, [], 5])
  })

  it('does not end the process if the host has sent a response meanwhile, or the handler fails', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    try {
      const late = await listen((_request, env) => {
        const { outgoing } = env as { readonly outgoing: ServerResponse }
        outgoing.writeHead(503).end()
        return Promise.resolve(new Reply('{}', 200, {}))
      })
      expect(await late(REQUESTS['a form'] ?? '')).toMatch(/^HTTP\/1\.1 503/)
      const failing = await listen(() => Promise.reject(new Error('failed')))
      expect(await failing(REQUESTS['a form'] ?? '')).toMatch(/^HTTP\/1\.1 500/)
      expect(unhandled).toEqual([])
    } finally {
      silent.mockRestore()
      process.off('unhandledRejection', note)
    }
  })

  it('has a signal that is aborted if it is first read when the client is gone', async () => {
    const isAborted = new Promise<boolean>((resolve) => {
      void listen(async (request, env) => {
        const { outgoing } = env as { readonly outgoing: ServerResponse }
        outgoing.socket?.destroy()
        await new Promise((closed) => void outgoing.once('close', closed))
        resolve(request.signal.aborted)
        return new Reply(null, 200, {})
      }).then((send) => send(REQUESTS['a form'] ?? '').catch(() => undefined))
    })
    expect(await isAborted).toBe(true)
  })

  it.each(['foo.1', '1.2.3.4.5', '256.1.1.1', '999999999999', 'xn--a', 'a.xn--a.example', '127.1', 'localhost.', 'a.example'])(
    'is refused with 400 if the URL parser refuses its host: %s',
    async (host) => {
      const send = await listen(({ url }) => Promise.resolve(new Reply(null, URL.canParse(url) ? 200 : 500, {})))
      const head = (await send(`GET /a HTTP/1.1\r\nHost: ${host}\r\n${END}\r\n`)).slice(9, 12)
      expect(head).toBe(URL.canParse(`http://${host}`) ? '200' : '400')
    },
  )
})
