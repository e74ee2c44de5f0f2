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
