/** Where a command writes its lines. */
export interface Output {
  /** Writes a result to standard output. */
  print(line: string): void
  /** Writes an error to standard error. */
  error(line: string): void
}

/** Writes to the streams of this process. */
export const processOutput: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  error: (line) => void process.stderr.write(`${line}\n`),
}

/**
 * Ends the process when its output is no longer read, as in `latchkey doctor … | head`. Without a listener, Node.js would print the
 * stack of the error instead.
 */
export function endWithoutReader(stream: Pick<NodeJS.WriteStream, 'on'>, exit: () => void = () => process.exit()): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    exit()
  })
}
