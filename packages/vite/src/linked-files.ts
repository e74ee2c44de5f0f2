// cspell:ignore styl pcss
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { PrivateFiles } from './private-files.js'
import { realPath } from './real-path.js'

/**
 * Returns a link in the folder, or in a folder that one leads to, whose target is private or contains what is. Vite copies what links lead to.
 */
export function findPrivateLink(folder: string, files: PrivateFiles, visited: Set<string> = new Set()): string | undefined {
  const real = realPath(folder)
  if (visited.has(real) || !existsSync(real)) return undefined
  visited.add(real)
  for (const entry of readdirSync(real, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const isLink = entry.isSymbolicLink()
    if (isLink && (files.has(path) || files.isAbove(path))) return path
    const isFolder = isLink ? isReadableFolder(path) : entry.isDirectory()
    const found = isFolder ? findPrivateLink(path, files, visited) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function isReadableFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** The names of stylesheets, as Vite names modules. */
export const STYLESHEET: RegExp = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/
const RESOLVABLE = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss|json)$/
/** Texts in quotes, and the arguments of `url()` without them. */
const TARGETS = /url\(\s*([^'")\s][^)]*)\)|(["'])(.*?)\2/gis

/** Tells whether a module, as Vite names it, is a stylesheet. */
export function isStylesheet(id: string): boolean {
  return STYLESHEET.test(id)
}

/** Resolves the target of an import in a stylesheet as Vite does; undefined if it leads to no file. */
export type ResolveTarget = (target: string, importer: string) => Promise<string | undefined>

interface Stylesheets {
  readonly root: string
  readonly files: PrivateFiles
  readonly resolveTarget: ResolveTarget
}

/**
 * Returns the text in a stylesheet, or in one that it imports, that leads to a private file. The tools that process stylesheets read files by
 * themselves, without the plugins of Vite.
 */
export async function findPrivateImport(
  code: string,
  file: string,
  { root, files, resolveTarget }: Stylesheets,
  visited: Set<string> = new Set(),
): Promise<string | undefined> {
  visited.add(file)
  for (const target of targetsIn(code)) {
    // A name without an extension may be a package, which Vite would prepare for the browser.
    const resolved = RESOLVABLE.test(target) ? await resolveTarget(target, file).catch(() => undefined) : undefined
    const plain = [resolve(dirname(file), target), join(root, target), ...(resolved === undefined ? [] : [resolved])]
    const paths = plain.flatMap((path) => EXTENSIONS.map((extension) => path + extension))
    if (paths.some((path) => files.has(path))) return target
    for (const path of paths) {
      if (visited.has(path) || !isStylesheet(path) || !existsSync(path)) continue
      const found = await findPrivateImport(readFileSync(path, 'utf8'), path, { root, files, resolveTarget }, visited)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** What may be added to the name of an imported stylesheet. */
const EXTENSIONS = ['', '.css', '.less', '.sass', '.scss', '.styl', '.stylus', '.pcss', '.postcss', '.sss']
/** @see CSS Syntax Module Level 3, section 4.3.7 */
const ESCAPE = /\\(?:([\da-f]{1,6})\s?|(.))/gi

/** The texts that may be paths, as they are and without the escapes of CSS. */
function targetsIn(code: string): readonly string[] {
  const texts = [...code.matchAll(TARGETS)].flatMap(([, bare, , quoted = bare ?? '']) => {
    const text = quoted.split(/[?#]/, 1)[0]?.trim() ?? ''
    return [text, text.replaceAll(ESCAPE, (_, hex?: string, char = '') => (hex === undefined ? char : characterOf(hex)))]
  })
  return [...new Set(texts)].filter((text) => text !== '')
}

function characterOf(hex: string): string {
  const code = Number.parseInt(hex, 16)
  return code > 0x10_ff_ff ? '' : String.fromCodePoint(code)
}
