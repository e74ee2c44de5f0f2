/** Declarations at the top level of a module, as formatters write them. */
const CLIENT =
  /^(?:export )?(?:const|let) ([\w$]+)(?:: [^=\n]+)? =\s+(?:createOAuthClient|createOAuthRegistry|workerClient)[(<]/gm

/** The threads of clients whose tokens are in a worker. */
const WORKER = /^(?:export )?(?:const|let) ([\w$]+)(?:: [^=\n]+)? =\s+new Worker\b/gm

/**
 * Appends code to a module of the dev server that creates clients: after a hot update of the module, or of one that it imports, the
 * clients of the former version are closed. Otherwise each update would leave timers, channels and listeners behind. `hot.dispose` does
 * not help, because Vite calls it only for a module that accepts the update itself. What looks like a declaration may be text in a comment
 * or a template: its name is then not declared.
 *
 * @returns undefined for a module without clients
 */
export function closeFormerClients(code: string): string | undefined {
  if (!code.includes('@latchkey/')) return undefined
  const names = [...code.matchAll(CLIENT)].map(([, name]) => name)
  if (names.length === 0) return undefined
  const workers = code.includes('workerClient') ? [...code.matchAll(WORKER)].map(([, name]) => name) : []
  const declared = [...names, ...workers].map((name) => `typeof ${name} === 'object' && ${name}`)
  return `${code}
if (import.meta.hot) {
  const former = import.meta.hot.data.latchkeyClients
  import.meta.hot.data.latchkeyClients = [${declared.join(', ')}].filter(Boolean)
  former?.forEach((one) => (one instanceof Worker ? one.terminate() : void one.close()))
}
`
}
