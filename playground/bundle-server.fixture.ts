// Builds and serves the playground once for all test files, when the first of them asks for it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Responds with the URL of the playground's bundle. */
    readonly playgroundBundle: string
  }
}

let child: ChildProcess | undefined

export async function setup(project: TestProject): Promise<void> {
  let url: Promise<string> | undefined
  const start = (): Promise<string> => {
    const script = fileURLToPath(new URL('serve-bundle.mjs', import.meta.url))
    const started = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
    child = started
    return new Promise((resolve, reject) => {
      started.once('error', reject)
      started.once('exit', (code) => reject(new Error(`the playground was not built: exit code ${code}`)))
      started.stdout.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()))
    })
  }
  const host = createServer((_request, response) => {
    url ??= start()
    url.then(
      (text) => response.end(text),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve).unref())
  project.provide('playgroundBundle', `http://127.0.0.1:${(host.address() as AddressInfo).port}`)
}

export async function teardown(): Promise<void> {
  if (!child || child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
}
