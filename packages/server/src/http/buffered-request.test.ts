import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// The module extends `Request` when it is imported. Another test file may have imported it already.
beforeEach(() => void vi.resetModules())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** As the `Request` of Vitest with jsdom: `instanceof` asks for the one of Node, in its subclasses too. */
function replaceRequest(): void {
  const NodeRequest = Request
  class PageRequest extends NodeRequest {
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof NodeRequest
    }
  }
  vi.stubGlobal('Request', PageRequest)
}

const received = {
  method: 'POST',
  url: 'https://id.example.com/token',
  rawHeaders: [],
  body: new Uint8Array([1, 2, 3]),
  onAbort: () => {},
}

test('a request that was made by its constructor has no body at once, also if Request decides itself what its instances are', async () => {
  replaceRequest()
  const { bufferedBody, bufferedRequest } = await import('./buffered-request.js')
  const constructed = new Request(received.url, { method: 'POST', body: 'a=b' })
  expect(bufferedBody(constructed)).toBeUndefined()
  expect(await constructed.text()).toBe('a=b')
  expect(bufferedBody(bufferedRequest(received))).toBe(received.body)
})

test('the body of a buffered request that was read is not returned a second time', async () => {
  const { bufferedBody, bufferedRequest } = await import('./buffered-request.js')
  const request = bufferedRequest(received)
  expect(new Uint8Array(await request.arrayBuffer())).toEqual(received.body)
  expect(bufferedBody(request)).toBeUndefined()
})
