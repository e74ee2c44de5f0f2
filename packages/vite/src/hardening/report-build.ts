import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { contentSecurityPolicy, type PolicyParts } from './content-security-policy.js'
import { findSinks, type Sink } from './find-sinks.js'
import { readPage } from './read-page.js'

/** A chunk or asset of a build: the part of Rollup's that is used. */
export interface BuiltFile {
  readonly type: 'chunk' | 'asset'
  readonly fileName: string
  readonly code?: string
  readonly source?: string | Uint8Array
  readonly modules?: Readonly<Record<string, { readonly code?: string | null }>>
}

/** What the report needs of a build. */
export interface ReportInput extends Omit<PolicyParts, 'pages' | 'stylesheets'> {
  readonly root: string
  readonly outDir: string
  readonly files: readonly BuiltFile[]
  /** Where the report is written. */
  readonly folder: string
  /** The inline script that must be the first of each page, if the callback is hardened. */
  readonly firstScript: string | undefined
  /** Rollup's parser. */
  readonly parse: (code: string) => unknown
}

/** What was found in a build. */
export interface BuildReport {
  readonly policy: string
  /** What fails under the policy, or what it cannot protect: one sentence each. */
  readonly findings: readonly string[]
}

/** Reads a build, and writes the policy and the findings. Public files are read as well; scripts among them are not parsed. */
export async function reportBuild(input: ReportInput): Promise<BuildReport> {
  const { files, outDir, folder, firstScript } = input
  const html = await pagesIn(outDir)
  const pages = html.map(({ text }) => readPage(text))
  const stylesheets = files.filter(({ fileName }) => fileName.endsWith('.css')).map(({ source = '' }) => source.toString())
  const policy = contentSecurityPolicy({ ...input, pages, stylesheets })
  const findings = [
    ...html.flatMap(({ name }, index) => (pages[index]?.refused ?? []).map((text) => `${name}: ${text}.`)),
    ...(firstScript === undefined
      ? []
      : html.filter(({ text }) => !isFirst(text, firstScript)).map(({ name }) => notFirst(name))),
    ...sinkFindings(input),
  ]
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'content-security-policy.txt'), `${policy}\n`)
  await writeFile(join(folder, '_headers'), `/*\n  Content-Security-Policy: ${policy}\n`)
  await writeFile(join(folder, 'report.json'), `${JSON.stringify({ policy, findings }, null, 2)}\n`)
  return { policy, findings }
}

interface BuiltPage {
  readonly name: string
  readonly text: string
}

async function pagesIn(outDir: string): Promise<readonly BuiltPage[]> {
  const names = (await readdir(outDir, { recursive: true })).filter((name) => name.endsWith('.html')).toSorted()
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(outDir, name), 'utf8') })))
}

/** What can run before the script, outside of comments. */
const RUNS = /<!--|<(?:script|iframe|object|embed)\b|<[^>]*\son[a-z]+\s*=/i

/** Whether the script runs, and nothing before it can. One in a comment, or with another `type`, does not run. */
function isFirst(page: string, firstScript: string): boolean {
  const [before, ...others] = page.split(`>${firstScript}</script>`)
  if (before === undefined || others.length === 0) return false
  const start = before.lastIndexOf('<')
  const isPlain = /^<script(?:\s+nonce="[^"]*")?$/.test(before.slice(start))
  return isPlain && !RUNS.test(before.slice(0, start).replaceAll(/<!--[\s\S]*?-->/g, ''))
}

function notFirst(name: string): string {
  return `${name}: its first script is not the one that removes an authorization response from the URL, because it is a public file or another plugin comes first. Earlier scripts can read a response.`
}

const CONSEQUENCES: Readonly<Record<Sink['kind'], string>> = {
  eval: "is refused without 'unsafe-eval'",
  html: 'is refused under Trusted Types, unless it gets a TrustedHTML',
  'script-url': 'is refused under Trusted Types, unless it gets a TrustedScriptURL',
}

/** By module, as far as the build still has its code. */
function sinkFindings({ files, root, parse }: ReportInput): readonly string[] {
  const found = new Set<string>()
  for (const { fileName, type, code = '', modules = {} } of files) {
    if (type !== 'chunk') continue
    const known = Object.entries(modules).filter(([, module]) => typeof module.code === 'string')
    const parts = known.length > 0 ? known.map(([id, module]) => [id, module.code ?? ''] as const) : [[fileName, code] as const]
    for (const [id, text] of parts)
      for (const { name, kind } of sinksIn(text, parse)) found.add(`${nameOf(id, root)}: ${name} ${CONSEQUENCES[kind]}.`)
  }
  return [...found]
}

function sinksIn(code: string, parse: ReportInput['parse']): readonly Sink[] {
  try {
    return findSinks(parse(code))
  } catch {
    // A part of a chunk may not be a program of its own.
    return []
  }
}

function nameOf(id: string, root: string): string {
  const path = id.replace(/^\0/, '').split('?', 1)[0] ?? id
  const name = path.startsWith('/') || /^[a-z]:[\\/]/i.test(path) ? relative(root, path) : path
  // Not the machine's folders of a package manager.
  return name.replaceAll('\\', '/').replace(/^.*\/node_modules\//, '')
}
