import { createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { memcachedStore } from './memcached-store.js'
import { freePort } from './real-server.fixture.js'

const HEADER_BYTES = 24
const [GET, SET, ADD] = [0x00, 0x01, 0x02]
const [MISSING, EXISTS] = [1, 2]

function frame(request: Buffer, status: number, value: Buffer = Buffer.alloc(0)): Buffer {
  const extras = Buffer.alloc(value.length > 0 ? 4 : 0)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(0x81, 0)
  header.writeUInt8(request.readUInt8(1), 1)
  header.writeUInt8(extras.length, 4)
  header.writeUInt16BE(status, 6)
  header.writeUInt32BE(extras.length + value.length, 8)
  header.writeUInt32BE(request.readUInt32BE(12), 12)
  return Buffer.concat([header, extras, value])
}

/** Starts a memcached (binary protocol) that executes the first `add`, and whose response to it gets lost. */
async function startForgetful(): Promise<string> {
  const entries = new Map<string, Buffer>()
  let adds = 0
  const respond = (request: Buffer): Buffer | undefined => {
    const [extras, keyLength] = [request.readUInt8(4), request.readUInt16BE(2)]
    const keyAt = HEADER_BYTES + extras
    const key = request.toString('utf8', keyAt, keyAt + keyLength)
    const value = request.subarray(keyAt + keyLength)
    const found = entries.get(key)
    const operation = request.readUInt8(1)
    if (operation === GET) return found ? frame(request, 0, found) : frame(request, MISSING)
    if (operation === ADD && found) return frame(request, EXISTS)
    if (operation === ADD || operation === SET) entries.set(key, Buffer.from(value))
    return operation === ADD && ++adds === 1 ? undefined : frame(request, 0)
  }
  const server = createServer((socket) => {
    let waiting: Buffer = Buffer.alloc(0)
    socket
      .on('error', () => undefined)
      .on('data', (data: Buffer) => {
        waiting = Buffer.concat([waiting, data])
        while (waiting.length >= HEADER_BYTES) {
          const length = HEADER_BYTES + waiting.readUInt32BE(8)
          if (waiting.length < length) return
          const response = respond(waiting.subarray(0, length))
          waiting = waiting.subarray(length)
          if (response) socket.write(response)
        }
      })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `127.0.0.1:${port}`
}

it('memcachedStore() adds once if the response to its first attempt gets lost', async () => {
  // covers C-056
  const servers = await startForgetful()
  const store = memcachedStore({ servers, timeout: 500 })
  expect(await store.add('code-used:a', { sub: 'alice' }, Date.now() + 60_000)).toBe(true)
  expect(await store.get('code-used:a')).toEqual({ sub: 'alice' })
  const other = memcachedStore({ servers })
  expect(await other.add('code-used:a', { sub: 'alice' }, Date.now() + 60_000)).toBe(false)
  expect(await store.add('code-used:a', { sub: 'alice' }, Date.now() + 60_000)).toBe(false)
  await Promise.all([store.close(), other.close()])
})
