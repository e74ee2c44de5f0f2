import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createServer, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readyUrl, start, type Started } from './started.fixture.js'

function startForTest(...args: readonly string[]): Started {
  const started = start(...args)
  onTestFinished(() => void started.child.kill('SIGKILL'))
  return started
}

async function occupyPort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}

/** Sends a request for another host: a name of an attacker may resolve to this machine (DNS rebinding). */
async function statusAs(host: string, url: string): Promise<number | undefined> {
  const [response] = (await once(request(url, { headers: { host } }).end(), 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

describe('npm start', () => {
  it('uses the next free port, serves app and server, and ends cleanly on Ctrl-C', async () => {
    const { port } = await occupyPort()
    const started = startForTest('--port', String(port))
    const url = await readyUrl(started)
    expect(Number(new URL(url).port)).toBeGreaterThan(port)
    expect(started.output()).toContain(`Port ${port} is taken`)
    const html = await (await fetch(url)).text()
    expect(html).toContain('<title>Latchkey playground</title>')
    expect(html).toContain('Loading the playground')
    const metadata = await fetch(`${url}oauth/.well-known/openid-configuration`)
    expect(await metadata.json()).toMatchObject({ issuer: `${url}oauth` })
    expect(await statusAs('evil.example', `${url}oauth/jwks`)).toBe(403)
    started.child.kill('SIGINT')
    expect(await started.exitCode).toBe(0)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('ends cleanly on Ctrl-C during the build', async () => {
    const started = startForTest('--port', '0')
    while (!started.output().includes('Building')) await once(started.child.stdout ?? started.child, 'data')
    started.child.kill('SIGINT')
    expect(await started.exitCode).toBe(0)
    expect(started.output()).not.toContain('playground: http')
  })

  it('rejects an invalid port', async () => {
    const started = startForTest('--port', 'http')
    expect(await started.exitCode).toBe(1)
    expect(started.output()).toContain('--port must be a number up to 65535, but is "http"')
  })
})
