#!/usr/bin/env node
import { HELP, readCommandLine } from './command-options.js'
import { readVersion } from './read-version.js'
import { run } from './run.js'

const output = {
  print: (line: string): void => void process.stdout.write(`${line}\n`),
  fault: (line: string): void => void process.stderr.write(`${line}\n`),
}

try {
  const options = readCommandLine(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(HELP)
  } else if (options === 'version') {
    process.stdout.write(`${await readVersion()}\n`)
  } else {
    const running = await run(options, output)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.close())
  }
} catch (error) {
  output.fault(error instanceof Error ? error.message : 'the server could not be started')
  process.exitCode = 1
}
