// The pages of the site: which Markdown files there are, and their front matter.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/** The folder of the site. */
export const DOCS = dirname(import.meta.dirname)

/** The sections of the site, in the order of the navigation. */
export const SECTIONS = /** @type {const} */ ([
  ['start', 'Start'],
  ['connect', 'Connect a provider'],
  ['guides', 'Guides'],
  ['reference', 'Reference'],
  ['migrate', 'Migrate'],
  ['understand', 'Understand'],
])

/**
 * @typedef {object} Page
 * @property {string} file path below `docs`, with slashes, such as `guides/popup.md`
 * @property {string} url path of the page in the site, such as `/guides/popup`
 * @property {Readonly<Record<string, string>>} frontMatter
 * @property {string} text the Markdown below the front matter
 */

/**
 * @param {string} [folder] below `docs`; default: all pages
 * @returns {Page[]} in the order of the sidebar
 */
export function listPages(folder = '') {
  const base = join(DOCS, folder)
  if (!existsSync(base)) return []
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && entry.name !== 'README.md')
    .map((entry) => relative(DOCS, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(?:^|\/)(?:node_modules|\.vitepress|public)\//.test(file))
    .map(readPage)
    .toSorted((one, other) => orderOf(one) - orderOf(other) || one.file.localeCompare(other.file))
}

/**
 * @param {string} file path below `docs`
 * @returns {Page}
 */
export function readPage(file) {
  const source = readFileSync(join(DOCS, file), 'utf8').replaceAll('\r\n', '\n')
  const [, head = '', text = source] = /^---\n(.*?)^---\n(.*)$/ms.exec(source) ?? []
  return { file, url: urlOf(file), frontMatter: readFrontMatter(head), text }
}

/** @param {string} file */
function urlOf(file) {
  return `/${file.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`
}

/**
 * Reads the members at the first level that are plain strings and numbers; the rest is VitePress's.
 *
 * @param {string} head
 */
function readFrontMatter(head) {
  const members = [...head.matchAll(/^(\w+):[ \t]*(.*)$/gm)]
  return Object.fromEntries(members.map(([, name = '', value = '']) => [name, value.trim().replace(/^(['"])(.*)\1$/, '$2')]))
}

/** @param {Page} page */
function orderOf({ file, frontMatter }) {
  if (file.endsWith('/index.md')) return 0
  return Number(frontMatter.order ?? 1000)
}
