/** Declarations at the top level of a module, as formatters write them. */
const CLIENT = /^(?:export )?const (\w+)(?:: [^=\n]+)? = (?:createOAuthClient|createOAuthRegistry|workerClient)\b/gm

/** The threads of clients whose tokens are in a worker. */
const WORKER = /^(?:export )?const (\w+)(?:: [^=\n]+)? = new Worker\b/gm

/**
 * Appends code to a module of the dev server that creates clients: after a hot update of the module, or of one that it imports, the
 * clients of the former version are closed. Otherwise each update would leave timers, channels and listeners behind. `hot.dispose` does
 * not help, because Vite calls it only for a module that accepts the update itself.
 *
 * @returns undefined for a module without clients
 */
export function closeFormerClients(code: string): string | undefined {
  if (!code.includes('@latchkey/')) return undefined
  const names = [...code.matchAll(CLIENT)].map(([, name]) => name)
  if (names.length === 0) return undefined
  const workers = code.includes('workerClient') ? [...code.matchAll(WORKER)].map(([, name]) => name) : []
  return `${code}
if (import.meta.hot) {
  const former = import.meta.hot.data.latchkeyClients
  import.meta.hot.data.latchkeyClients = [${[...names, ...workers].join(', ')}]
  former?.forEach((one) => (one instanceof Worker ? one.terminate() : void one.close()))
}
`
}
