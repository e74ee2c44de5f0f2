import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'

/** A server of another project's, started for a test on a free loopback port. */
export interface RealServer {
  readonly port: number
  stop(): Promise<void>
}

const PLACES = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']

/** @returns the path of a program, or undefined with a line that says what to install */
export function findProgram(name: string, packageName: string): string | undefined {
  const found = PLACES.map((place) => `${place}/${name}`).find((path) => existsSync(path))
  if (found === undefined) process.stdout.write(`skipped: ${name} is not installed (Debian: apt-get install ${packageName})\n`)
  return found
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => void server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts a program and waits until its port takes connections. */
export async function startServer(
  program: string,
  args: (port: number) => readonly string[],
  wanted?: number,
): Promise<RealServer> {
  const port = wanted ?? (await freePort())
  const child = spawn(program, args(port), { stdio: 'ignore' })
  const deadline = Date.now() + 10_000
  while (!(await connects(port))) {
    if (Date.now() > deadline) throw new Error(`${program} did not start`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { port, stop: () => stop(child) }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    const settle = (result: boolean) => (): void => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', settle(true)).once('error', settle(false))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exited
}

export function startRedis(program: string, wanted?: number): Promise<RealServer> {
  const args = (port: number): readonly string[] => [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]
  return startServer(program, args, wanted)
}

export function startMemcached(program: string): Promise<RealServer> {
  // cspell:ignore nobody
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  return startServer(program, (port) => ['-p', String(port), '-l', '127.0.0.1', '-U', '0', '-m', '64', ...user])
}
