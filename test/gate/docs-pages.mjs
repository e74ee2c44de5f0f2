// The pages of the documentation: each has a title and a description, and its links lead to a page, an anchor or a file that is there.
// `npm run more:docs` builds the site and looks at the pages in a browser.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { listPages } from '../../docs/build/pages.mjs'
import { createReference } from '../../docs/build/write-reference.mjs'
import { root } from './command.mjs'
import { problemsOfMigrationNames } from './migration-names.mjs'

/** The module with the addresses of pages that programs print, with a code as the anchor. */
const PRINTED = 'packages/core/src/errors/documentation-url.ts'

const generated = await createReference()
const written = listPages().filter(({ file }) => !file.startsWith('reference/') || file === 'reference/index.md')
/** @type {Map<string, ReadonlySet<string>>} the anchors of each page, by its path in the site */
const anchors = new Map(written.map(({ url, text }) => [url, anchorsOf(text)]))
for (const [file, text] of Object.entries(generated)) anchors.set(`/reference/${file.replace(/\.md$/, '')}`, anchorsOf(text))

const problems = [
  ...written.flatMap(problemsOf),
  ...Object.entries(generated).flatMap(([file, text]) => deadLinksOf(`reference/${file}`, text)),
  ...problemsOfPrintedPages(),
  ...problemsOfMigrationNames(),
]
for (const problem of problems) console.log(problem)
console.log(`${written.length} passed, ${problems.length} failed`)
process.exitCode = problems.length > 0 ? 1 : 0

/** @returns {string[]} */
function problemsOfPrintedPages() {
  const source = readFileSync(join(root, PRINTED), 'utf8')
  const pages = [...source.matchAll(/\$\{REFERENCE\}(\/[\w/-]+)#/g)].map(([, page = '']) => `/reference${page}`)
  if (pages.length === 0) return [`${PRINTED} prints the address of no page: the expression that finds them here is out of date`]
  return pages.filter((page) => !anchors.has(page)).map((page) => `A program prints the address of ${page}, which is no page`)
}

/**
 * @param {import('../../docs/build/pages.mjs').Page} page
 * @returns {string[]}
 */
function problemsOf({ file, frontMatter, text }) {
  const needed = file === 'index.md' ? ['title'] : ['title', 'description']
  const missing = needed.filter((name) => !frontMatter[name]).map((name) => `docs/${file} has no "${name}" in its front matter`)
  return [...missing, ...deadLinksOf(file, text)]
}

/**
 * @param {string} file below docs
 * @param {string} text
 * @returns {string[]}
 */
function deadLinksOf(file, text) {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)|^\s+link: (\S+)$/gm)].map(
    ([, inline, hero]) => inline ?? hero ?? '',
  )
  return targets.filter((target) => !/^(?:https?|mailto):/.test(target)).flatMap((target) => problemOf(file, target))
}

/**
 * @param {string} file below docs
 * @param {string} target
 * @returns {string[]}
 */
function problemOf(file, target) {
  const [path = '', anchor] = target.split('#')
  const link = `docs/${file} links to ${target}`
  const source = path.startsWith('.') ? posix.join('docs', dirname(file), path) : 'docs/'
  if (!source.startsWith('docs/')) return existsSync(join(root, source)) ? [] : [`${link}, which is not in the repository`]
  const full = path === '' ? `/${file}` : posix.resolve('/', dirname(file), path)
  // The API reference is written when the site is built.
  if (full.startsWith('/reference/api')) return []
  const found = anchors.get(full.replace(/\.(?:md|html)$/, '').replace(/\/index$/, '/')) ?? anchors.get(`${full}/`)
  if (!found) return [`${link}, which is no page`]
  return anchor === undefined || found.has(decodeURIComponent(anchor)) ? [] : [`${link}: the page has no such anchor`]
}

/**
 * @param {string} text
 * @returns {ReadonlySet<string>}
 */
function anchorsOf(text) {
  const headings = [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading)
  const own = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
  /** @type {Set<string>} */
  const found = new Set(own)
  for (const heading of headings) {
    const slug = /\{#([^}]+)\}\s*$/.exec(heading)?.[1] ?? slugOf(heading)
    let unique = slug
    for (let count = 1; found.has(unique); count++) unique = `${slug}-${count}`
    found.add(unique)
  }
  return found
}

/**
 * The anchor that VitePress gives a heading: lower case, one hyphen for each run of spaces and punctuation.
 *
 * @param {string} heading
 */
function slugOf(heading) {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '')
  const slug = text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[\s~!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase()
  return /^\d/.test(slug) ? `_${slug}` : slug
}

/** @param {string} text */
function withoutCode(text) {
  return text.replaceAll(/^([ \t]*)(`{3,})[^\n]*\n.*?^\1\2`*[ \t]*$/gms, '')
}
