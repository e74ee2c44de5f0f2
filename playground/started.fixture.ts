import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** `npm start`, without npm. */
export interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  /** null when it was killed. */
  readonly exitCode: Promise<unknown>
}

export function start(...args: readonly string[]): Started {
  const script = fileURLToPath(new URL('start.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  return { child, output: () => output, exitCode: once(child, 'close').then(([code]: unknown[]) => code) }
}

/** @returns the address that it prints when it is ready; throws its output when it ends before */
export async function readyUrl({ output, exitCode }: Started): Promise<string> {
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
