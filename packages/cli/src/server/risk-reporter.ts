import { stat } from 'node:fs/promises'
import type { Output } from '../output.js'
import type { ServerOptions } from './server-options.js'

const OPEN_SERVER =
  'Warning: this server listens beyond this machine, and users sign in with one click. Everyone who can reach it can sign in as any user. ' +
  'Use --host 127.0.0.1, or give the users passwords.'

/** What a running server may expose. */
export interface Risks {
  /** True if users sign in without a password. */
  readonly isOneClick: boolean
  /** True if only this machine can connect. */
  readonly isLoopback: boolean
  /** The settings files with passwords or secrets. */
  readonly secretFiles: readonly string[]
}

/** Returns a function that prints a warning for each risk, once: it is called at each reload. */
export function riskReporter({ keys, store }: ServerOptions, output: Output): (risks: Risks) => Promise<void> {
  const printed = new Set<string>()
  const print = (warning: string | undefined): void => {
    if (warning === undefined || printed.has(warning)) return
    printed.add(warning)
    output.error(warning)
  }
  return async ({ isOneClick, isLoopback, secretFiles }) => {
    if (isOneClick && !isLoopback) print(OPEN_SERVER)
    print(await warnIfOpen(keys, 'private keys'))
    print(await warnIfOpen(store.startsWith('sqlite:') ? store.slice('sqlite:'.length) : undefined, 'tokens'))
    for (const file of secretFiles) print(await warnIfOpen(file, 'passwords or secrets'))
  }
}

/**
 * Returns a warning if other accounts of this machine may read or change the file; undefined if not, or if there is none. On Windows,
 * its mode does not say.
 */
async function warnIfOpen(file: string | undefined, contents: string): Promise<string | undefined> {
  if (file === undefined || process.platform === 'win32') return undefined
  const { mode } = await stat(file).catch(() => ({ mode: 0 }))
  const access = [mode & 0o044 ? 'read' : '', mode & 0o022 ? 'change' : ''].filter(Boolean).join(' and ')
  if (access === '') return undefined
  return `Warning: other accounts can ${access} ${file}, which contains ${contents}. Run: chmod 600 ${file}`
}
