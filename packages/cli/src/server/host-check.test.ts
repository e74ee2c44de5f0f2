// cspell:ignore notlocalhost evilid evilproxy
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withHostCheck } from './host-check.js'

/** Sends lines as they are, and returns the status and the body of the response. */
async function send(port: number, lines: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => void socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`))
    socket
      .setEncoding('utf8')
      .on('data', (chunk) => (received += String(chunk)))
      .on('end', () => resolve({ status: Number(received.split(' ')[1]), text: received }))
      .on('error', reject)
  })
}

async function listening(): Promise<number> {
  const server = createServer(
    withHostCheck((_request, response) => void response.end('ok'), ['id.example.com', '.proxy.example']),
  )
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('withHostCheck()', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:1234',
    '192.168.1.5:9000',
    'localhost',
    'LocalHost:9000',
    'localhost.',
    'app.localhost:9000',
    '[::1]',
    '[::1]:9000',
    '[::ffff:127.0.0.1]:9000',
    'id.example.com',
    'ID.example.com:443',
    'proxy.example',
    'one.proxy.example:80',
  ])('lets a request for a known host through: %s', async (host) => {
    const port = await listening()
    expect(await send(port, ['GET / HTTP/1.1', `Host: ${host}`])).toMatchObject({ status: 200 })
    expect(await send(port, [`GET http://${host}/ HTTP/1.1`, 'Host: localhost'])).toMatchObject({ status: 200 })
  })

  it.each([
    'evil.example',
    'evil.example:9000',
    'localhost.evil.example',
    'localhost.evil.example.',
    'notlocalhost',
    '127.0.0.1.evil.example',
    'evilid.example.com',
    'x.id.example.com',
    'evilproxy.example',
    'localhost@evil.example',
    'localhost:9000@evil.example',
    'evil.example#localhost',
    '[::1].evil.example',
    '[evil.example]',
    '[127.0.0.1]',
    '::1',
    '127.1',
    'evil.example,localhost',
  ])('refuses a request for an unknown host (DNS rebinding): %s', async (host) => {
    const port = await listening()
    const refused = await send(port, ['GET / HTTP/1.1', `Host: ${host}`])
    expect([refused.status, refused.text.includes('ok\r\n')]).toEqual([403, false])
    // The target in absolute form names the host too (RFC 9112, section 3.2.2).
    // Node refuses some of them itself.
    expect([400, 403]).toContain((await send(port, [`GET http://${host}/ HTTP/1.1`, 'Host: localhost'])).status)
    expect(await send(port, ['GET http://localhost/ HTTP/1.1', `Host: ${host}`])).toMatchObject({ status: 403 })
    // Only the host that the browser connected to counts.
    const forwarded = ['X-Forwarded-Host: localhost', 'Forwarded: host=localhost', 'X-Original-Host: localhost']
    expect(await send(port, ['POST / HTTP/1.1', `Host: ${host}`, ...forwarded, 'Content-Length: 0'])).toMatchObject({
      status: 403,
    })
  })

  it('names the option that allows the host', async () => {
    const { text } = await send(await listening(), ['GET / HTTP/1.1', 'Host: id.test:9000'])
    expect(text).toContain('--allowed-host id.test')
  })

  it.each([[[]], [['Host:']], [['Host: localhost', 'Host: evil.example']], [['Host: localhost', 'Host: localhost']]])(
    'refuses a request without exactly one host: %j',
    async (hosts) => {
      const port = await listening()
      for (const version of ['1.0', '1.1']) expect((await send(port, [`GET / HTTP/${version}`, ...hosts])).status).toBe(400)
    },
  )
})
