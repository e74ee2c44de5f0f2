import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly exitCode: Promise<unknown>
}

function start(...args: readonly string[]): Started {
  const script = fileURLToPath(new URL('start.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  return { child, output: () => output, exitCode: once(child, 'close').then(([code]: unknown[]) => code) }
}

/** @returns the address that it prints when it is ready */
async function readyUrl({ output, exitCode }: Started): Promise<string> {
  let hasEnded = false
  void exitCode.then(() => (hasEnded = true))
  while (!output().includes('Ctrl-C stops it')) {
    if (hasEnded) throw new Error(output())
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
  return /Latchkey playground: (\S+)/.exec(output())?.[1] ?? ''
}

async function holdPort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}

describe('npm start', { timeout: 180_000 }, () => {
  it('says that the port is taken, serves app and server on the next one, and ends cleanly with Ctrl-C', async () => {
    const { port } = await holdPort()
    const started = start('--port', String(port))
    const url = await readyUrl(started)
    expect(Number(new URL(url).port)).toBeGreaterThan(port)
    expect(started.output()).toContain(`Port ${port} is taken`)
    expect(await (await fetch(url)).text()).toContain('<title>Latchkey playground</title>')
    const metadata = await fetch(`${url}oauth/.well-known/openid-configuration`)
    expect(await metadata.json()).toMatchObject({ issuer: `${url}oauth` })
    started.child.kill('SIGINT')
    expect(await started.exitCode).toBe(0)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('ends cleanly with Ctrl-C while it still builds', async () => {
    const started = start('--port', '0')
    while (!started.output().includes('Building')) await once(started.child.stdout ?? started.child, 'data')
    started.child.kill('SIGINT')
    expect(await started.exitCode).toBe(0)
    expect(started.output()).not.toContain('playground: http')
  })

  it('refuses a port that is none', async () => {
    const started = start('--port', 'http')
    expect(await started.exitCode).toBe(1)
    expect(started.output()).toContain('--port wants a number up to 65535; it got "http"')
  })
})
