import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Connect } from 'vite'
import { expect, onTestFinished, it } from 'vitest'
import { oauth1Provider } from './oauth1-provider.js'
import { DEFAULT_USERS as users } from '@latchkey/vite'

/** Serves the plugin as a dev server does. @returns sends a request with a `Host` header, and returns status and body */
async function serve(): Promise<(path: string, host?: string) => Promise<string>> {
  let handle: Connect.NextHandleFunction | undefined
  const { configureServer } = oauth1Provider({ users, rsaPublicKey: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } })
  const use = (given: Connect.NextHandleFunction): void => void (handle = given)
  if (typeof configureServer === 'function') await configureServer.call({} as never, { middlewares: { use } } as never)
  const server = createServer((incoming, response) => handle?.(incoming, response, () => response.writeHead(404).end('next')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return (path, host = `localhost:${port}`) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, headers: { host } }, (response) =>
        resolve(text(response).then((body) => `${response.statusCode} ${body}`)),
      )
      sent.on('error', reject).end()
    })
}

it('protects the photos, and leaves all other paths to Vite', async () => {
  const get = await serve()
  expect(await get('/oauth1-api/photos')).toMatch(/^400 .*missing_required_parameter/)
  expect(await get('/oauth1-server/authorize')).toMatch(/^400 [\s\S]*oauth_token/)
  for (const path of ['/', '/oauth1', '/oauth1-apis', '/oauth1-server.js']) expect(await get(path)).toBe('404 next')
})

it('serves this machine only, so that no other host name can be pointed at it', async () => {
  const get = await serve()
  for (const host of ['evil.example', '192.168.0.7:5173', 'localhost.evil.example', '127.0.0.1@evil.example'])
    expect(await get('/oauth1-api/me', host)).toMatch(/^403/)
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:5173']) expect(await get('/oauth1-api/me', host)).toMatch(/^400/)
})
