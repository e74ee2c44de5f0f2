import type { Output } from './output.js'

/** Records what a command writes; lines on standard error start with `error: `. */
export function recordOutput(): Output & { readonly lines: readonly string[] } {
  const lines: string[] = []
  return {
    lines,
    print: (line) => void lines.push(line),
    error: (line) => void lines.push(line.startsWith('error: ') ? line : `error: ${line}`),
  }
}
