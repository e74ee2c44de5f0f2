// Runs a program and keeps what it prints.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * @typedef {{ code: number, output: string }} Outcome
 * @param {string} program a name on the PATH, or of a program in the root's node_modules/.bin
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, path?: string | undefined }} [options] `path` instead of the PATH
 * @returns {Promise<Outcome>} code 127 when the program could not be started
 */
export function command(program, args, options = {}) {
  const separator = process.platform === 'win32' ? ';' : ':'
  const env = {
    ...process.env,
    NO_COLOR: '1',
    ...options.env,
    PATH: [`${root}node_modules/.bin`, options.path ?? process.env.PATH].join(separator),
  }
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, { cwd: options.cwd ?? root, env, shell: process.platform === 'win32' })
    child.stdin.end()
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: 127, output: `${output}${program}: ${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
