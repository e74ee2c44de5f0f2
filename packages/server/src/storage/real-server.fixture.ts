import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

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
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<RealServer> {
  const port = wanted ?? (await freePort())
  const child = spawn(program, args(port), { stdio: 'ignore', ...user })
  const deadline = Date.now() + 90_000
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

export function startMemcached(program: string, wanted?: number): Promise<RealServer> {
  // cspell:ignore nobody
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  return startServer(program, (port) => ['-p', String(port), '-l', '127.0.0.1', '-U', '0', '-m', '64', ...user], wanted)
}

/** Databases refuse to run as root. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** A database whose files outlive its process. */
export interface RealDatabase {
  readonly url: string
  /** Starts the database, on the same port each time. */
  start(): Promise<void>
  /** Ends the process as an administrator does. */
  stop(): Promise<void>
  /** Removes the files. */
  remove(): void
}

interface DatabaseProgram {
  readonly program: string
  /** Creates the files of an empty database. */
  readonly initialize: (folder: string) => Promise<unknown>
  readonly args: (folder: string, port: number) => readonly string[]
  readonly url: (port: number) => string
}

async function createDatabase({ program, initialize, args, url }: DatabaseProgram): Promise<RealDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-database-'))
  if (UNPRIVILEGED.uid !== undefined) chownSync(folder, UNPRIVILEGED.uid, UNPRIVILEGED.gid)
  await initialize(folder)
  const port = await freePort()
  let running: RealServer | undefined
  return {
    url: url(port),
    async start() {
      running = await startServer(program, () => args(folder, port), port, UNPRIVILEGED)
    },
    async stop() {
      await running?.stop()
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Finds the newest PostgreSQL; Debian keeps its programs out of the path. */
export function findPostgres(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted() : []
  const folder = versions.length > 0 ? `/usr/lib/postgresql/${versions.at(-1)}/bin` : undefined
  return folder ?? (findProgram('initdb', 'postgresql') === undefined ? undefined : '/usr/bin')
}

/** Creates an empty PostgreSQL. @param folder of its programs */
export function createPostgres(programs: string): Promise<RealDatabase> {
  return createDatabase({
    program: `${programs}/postgres`,
    initialize: (folder) =>
      promisify(execFile)(
        `${programs}/initdb`,
        ['-D', join(folder, 'data'), '-U', 'latchkey', '--auth=trust', '--no-sync', '--locale=C.UTF-8'],
        UNPRIVILEGED,
      ),
    args: (folder, port) => ['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'],
    url: (port) => `postgres://latchkey@127.0.0.1:${port}/postgres`,
  })
}

/** Creates an empty MariaDB. @param program the path of `mariadbd` */
export function createMariadb(program: string): Promise<RealDatabase> {
  return createDatabase({
    program,
    initialize: (folder) =>
      promisify(execFile)(
        '/usr/bin/mariadb-install-db',
        ['--no-defaults', `--datadir=${join(folder, 'data')}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
        UNPRIVILEGED,
      ),
    args: (folder, port) => [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--innodb-flush-log-at-trx-commit=0',
    ],
    url: (port) => `mysql://root@127.0.0.1:${port}/mysql`,
  })
}
