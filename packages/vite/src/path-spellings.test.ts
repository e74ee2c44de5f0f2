import { connect } from 'node:net'
import { createServer } from 'vite'
import { expect, it } from 'vitest'
import { appConfig, emptyApp } from './dev-server.fixture.js'

function send(port: number, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const head = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n`
    const socket = connect(port, '127.0.0.1', () => socket.write(head))
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}

it('latchkey() takes no other spelling of a path for a route', async () => {
  const server = await createServer(appConfig(await emptyApp()))
  await server.listen()
  const port = server.config.server.port ?? 0
  expect(await send(port, '/oauth/jwks')).toContain('"keys"')
  for (const target of [
    '/oauth/x/../jwks',
    '/oauth/./jwks',
    '/oauth/%2e%2e/oauth/jwks',
    '/x/../oauth/jwks',
    '/oauth/jwks#x',
    '//oauth/jwks',
  ])
    expect(await send(port, target), target).not.toContain('"keys"')
  await server.close()
})
