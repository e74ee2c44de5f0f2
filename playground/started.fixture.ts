import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process started as `npm start` does, without npm. */
export interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  /** null if the process was killed. */
  readonly exitCode: Promise<unknown>
}

export function start(...args: readonly string[]): Started {
  const script = fileURLToPath(new URL('start.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  return { child, output: () => output, exitCode: once(child, 'close').then(([code]: unknown[]) => code) }
}

/** @returns the URL that the process prints when it is ready. @throws Error with the output if the process ends before */
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
