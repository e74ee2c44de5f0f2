import * as vite from 'vite'

/** The functions that create something which must be closed. */
const FACTORIES = ['createOAuthClient', 'createOAuthRegistry', 'workerClient']

/** The part of an ESTree node that is used. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly directive?: unknown
  readonly importKind?: string
  readonly source?: { readonly value: unknown }
  readonly specifiers?: ReadonlyArray<
    Node & {
      readonly imported?: { readonly start: number; readonly end: number; readonly name?: string; readonly value?: string }
      readonly local: { readonly name: string }
    }
  >
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What a module becomes. Lines stay where they are, so a source map stays valid. */
export interface HotModule {
  readonly code: string
  /** Null: the source map of the step before, if types had to be removed, stays valid. */
  readonly map: null
}

/**
 * Changes a module of the dev server that imports a function which creates clients: the clients that it creates while it is evaluated
 * are noted, in whatever statement. After a hot update of the module, or of one that it imports, the clients of the former version are
 * closed, and their workers ended. Otherwise each update would leave timers, channels and listeners behind. `hot.dispose` does not help,
 * because Vite calls it only for a module that accepts the update itself.
 *
 * @param file its name decides the language
 * @returns undefined for a module without such an import, and for one that cannot be parsed
 */
export async function closeFormerClients(code: string, file: string): Promise<HotModule | undefined> {
  if (!code.includes('@latchkey/')) return undefined
  try {
    const plain = await withoutTypes(code, file)
    const changed = changedModule(plain.code, parse(plain.code, file))
    return changed === undefined ? undefined : { code: changed, map: plain.map }
  } catch {
    // Vite itself reports a syntax error, with its place.
    return undefined
  }
}

function changedModule(code: string, body: readonly Node[]): string | undefined {
  const imports = body.filter(
    ({ type, source, importKind }) =>
      type === 'ImportDeclaration' && importKind !== 'type' && String(source?.value).startsWith('@latchkey/'),
  )
  const found = imports.flatMap(({ specifiers = [] }) => specifiers).filter(isFactory)
  if (found.length === 0) return undefined
  const start = body.find(({ directive }) => directive === undefined)?.start ?? 0
  const wrapped = found.map(({ local: { name } }) => `const ${name} = __latchkeyNote(__latchkey_${name});`)
  const edits = [{ start, end: start, text: `${wrapped.join(' ')} ` }, ...found.map((one) => renamed(code, one))]
  return `${edited(code, edits)}\n${NOTE}`
}

type Specifier = NonNullable<Node['specifiers']>[number]

function isFactory({ type, imported, importKind }: Specifier): boolean {
  if (type === 'ImportNamespaceSpecifier') return true
  return type === 'ImportSpecifier' && importKind !== 'type' && FACTORIES.includes(imported?.name ?? imported?.value ?? '')
}

/** The import gets another name, and a constant that notes what is created gets its own. */
function renamed(code: string, { type, start, end, imported, local }: Specifier): Edit {
  const source =
    type === 'ImportNamespaceSpecifier' ? '*' : imported ? code.slice(imported.start, imported.end) : code.slice(start, end)
  return { start, end, text: `${source} as __latchkey_${local.name}` }
}

function edited(code: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((one, other) => other.start - one.start || other.end - one.end)
    .reduce((text, { start, end, text: inserted }) => text.slice(0, start) + inserted + text.slice(end), code)
}

/** Functions are hoisted, and may have members before the module's own statements run. In Vitest, `import.meta.hot` has no `data`. */
const NOTE = `function __latchkeyNote(made) {
  if (typeof made !== 'function') {
    const entries = Object.entries(made).map(([name, value]) => [name, ${JSON.stringify(FACTORIES)}.includes(name) ? __latchkeyNote(value) : value])
    return Object.fromEntries(entries)
  }
  return (...given) => {
    const one = made(...given)
    if (!__latchkeyNote.isOver) (__latchkeyNote.clients ??= []).push(one, given[0]?.worker)
    return one
  }
}
__latchkeyNote.isOver = true
if (import.meta.hot?.data) {
  const former = import.meta.hot.data.latchkeyClients
  import.meta.hot.data.latchkeyClients = __latchkeyNote.clients ?? []
  former?.forEach((one) => (one instanceof Worker ? one.terminate() : void one?.close?.()))
}
`

/** The parser of Vite 8 reads TypeScript; that of Vite 6 and 7 does not. */
const READS_TYPES = 'rolldownVersion' in vite

async function withoutTypes(code: string, file: string): Promise<HotModule> {
  if (READS_TYPES || !/\.[cm]?tsx?$/.test(file)) return { code, map: null }
  // In Vite 8 the function is deprecated.
  const { transformWithEsbuild } = vite as unknown as {
    readonly transformWithEsbuild: (code: string, file: string, options: object) => Promise<HotModule>
  }
  return transformWithEsbuild(code, file, { jsx: 'preserve', target: 'esnext', sourcemap: true })
}

function parse(code: string, file: string): readonly Node[] {
  const lang = /tsx?$/.exec(file)?.[0] ?? 'jsx'
  const options = READS_TYPES ? { lang } : { jsx: true }
  return (vite.parseAst as unknown as (code: string, options: object) => { readonly body: readonly Node[] })(code, options).body
}
