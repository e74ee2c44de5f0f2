// The full reference of the public surface, by TypeDoc from the sources: one page for each entry of each package.
import { readFileSync } from 'node:fs'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Application } from 'typedoc'
import { DOCS } from '../pages.mjs'

const PACKAGES = ['core', 'react', 'oauth1', 'resource', 'server', 'vite']
const OUTPUT = join(DOCS, 'reference/api')

/** Writes the pages into docs/reference/api. */
export async function writeApiPages() {
  const entries = PACKAGES.flatMap(entriesOf)
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(DOCS, 'tsconfig.api.json'),
    entryPoints: entries.map(({ file }) => file),
    out: OUTPUT,
    readme: 'none',
    logLevel: 'Error',
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    disableSources: true,
    ...formatOfMarkdown(),
  })
  const project = await app.convert()
  if (!project) throw new Error('TypeDoc could not read the packages')
  const names = new Map(entries.map(({ source, name }) => [source, name]))
  for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name
  await rm(OUTPUT, { recursive: true, force: true })
  await app.generateOutputs(project)
  await addFrontMatter()
}

/**
 * @param {string} name of the package
 * @returns {Array<{ file: string, source: string, name: string }>} each entry's file, the name that TypeDoc gives it, and ours
 */
function entriesOf(name) {
  const folder = join(DOCS, '../packages', name)
  /** @type {{ exports: Record<string, { '@latchkey/source'?: string }> }} */
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([path, { '@latchkey/source': source }]) => {
    if (!source || path === './internals') return []
    const module = source.replace('./', '').replace(/(?:\/index)?\.tsx?$/, '')
    return [{ file: join(folder, source), source: `${name}/${module}`, name: path === '.' ? name : `${name}/${path.slice(2)}` }]
  })
}

/** @returns {object} the options of typedoc-plugin-markdown, which TypeDoc's type does not know */
function formatOfMarkdown() {
  return {
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    sanitizeComments: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
  }
}

/** Gives each page the title under which an app imports the entry. */
async function addFrontMatter() {
  for (const file of await readdir(OUTPUT, { recursive: true })) {
    if (!file.endsWith('.md')) continue
    const path = join(OUTPUT, file)
    const text = await readFile(path, 'utf8')
    const isIndex = file === 'index.md'
    const title = isIndex ? 'All entries' : `@latchkey/${file.replaceAll('\\', '/').replace(/\.md$/, '')}`
    const head = `---\ntitle: ${JSON.stringify(title)}\neditLink: false\noutline: [2, 3]\n---\n\n`
    await writeFile(path, head + repairAnchors(text).replace(/^# .*$/m, () => `# ${title}`))
  }
}

/**
 * TypeDoc numbers the type `ReplyHeaders` if there is a type `Reply` with a member `headers`; VitePress numbers headings only.
 *
 * @param {string} text
 */
function repairAnchors(text) {
  const headings = [...text.matchAll(/^#+ (\w+)(?:\(\))?$/gm)].map(([, name = '']) => name.toLowerCase())
  return text.replaceAll(/\(#([a-z\d]+)-1\)/g, (link, name) =>
    headings.filter((heading) => heading === name).length === 1 ? `(#${name})` : link,
  )
}

if (process.argv[1] === import.meta.filename) await writeApiPages()
