import type { Output } from '../output.js'
import { findExposure } from './exposed-files.js'
import type { ServerOptions } from './server-options.js'

const OPEN_SERVER =
  'Warning: this server listens beyond this machine, and users sign in with one click. Everyone who can reach it can sign in as any user. ' +
  'Use --host 127.0.0.1, or give the users passwords.'
const OPEN_BEHIND_PROXY =
  'Warning: the options name a proxy or a host beyond this machine, and users sign in with one click. Everyone whom the proxy lets through ' +
  'can sign in as any user. Give the users passwords.'

/** What a running server may expose. */
export interface Risks {
  /** True if users sign in without a password. */
  readonly isOneClick: boolean
  /** True if only this machine can connect. */
  readonly isLoopback: boolean
  /** The settings files with passwords or secrets. */
  readonly secretFiles: readonly string[]
}

/** What is in a file. */
interface Contents {
  readonly name: string
  /** False if others may read it. */
  readonly isSecret: boolean
}

/** Returns a function that prints a warning for each risk, once: it is called at each reload. */
export function riskReporter(options: ServerOptions, output: Output): (risks: Risks) => Promise<void> {
  const { keys, store, config, users, clients } = options
  const printed = new Set<string>()
  const print = (warning: string | undefined): void => {
    if (warning === undefined || printed.has(warning)) return
    printed.add(warning)
    output.error(warning)
  }
  return async ({ isOneClick, isLoopback, secretFiles }) => {
    if (isOneClick && !isLoopback) print(OPEN_SERVER)
    else if (isOneClick && isBehindProxy(options)) print(OPEN_BEHIND_PROXY)
    print(await warnIfOpen(keys, { name: 'private keys', isSecret: true }))
    const database = store.startsWith('sqlite:') ? store.slice('sqlite:'.length) : undefined
    print(await warnIfOpen(database, { name: 'tokens', isSecret: true }))
    for (const file of [config, users, clients]) {
      const isSecret = file !== undefined && secretFiles.includes(file)
      print(await warnIfOpen(file, { name: isSecret ? 'passwords or secrets' : 'users or clients', isSecret }))
    }
  }
}

/** A name that leads to this machine alone. */
const LOCAL_NAME = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** Tells whether the options say that others reach a server that listens on this machine alone. */
function isBehindProxy({ issuer, allowedHost = [], proxies = 0 }: ServerOptions): boolean {
  const names = [...(issuer === undefined ? [] : [new URL(issuer).hostname]), ...allowedHost]
  return proxies > 0 || names.some((name) => !LOCAL_NAME.test(name))
}

/** Returns a warning if other accounts of this machine may read or change a file that is for this account alone; undefined if not. */
async function warnIfOpen(file: string | undefined, contents: Contents): Promise<string | undefined> {
  const exposure = file === undefined ? undefined : await findExposure(file)
  if (!exposure) return undefined
  const { canRead, canChange, openFolder } = exposure
  const access = [canRead && contents.isSecret ? 'read' : '', canChange ? 'change' : ''].filter(Boolean).join(' and ')
  if (access !== '') {
    const mode = contents.isSecret ? '600' : 'go-w'
    return `Warning: other accounts can ${access} ${file}, which contains ${contents.name}. Run: chmod ${mode} ${file}`
  }
  if (openFolder === undefined) return undefined
  return (
    `Warning: other accounts can replace ${file}, which contains ${contents.name}, since they can change the folder ${openFolder}. ` +
    `Run: chmod go-w ${openFolder}`
  )
}
