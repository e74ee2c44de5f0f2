// What programs read instead of the pages: the Markdown next to each page, and lists of all pages.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SECTIONS, listPages } from './pages.mjs'

const SUMMARY = `# Latchkey

> Sign-in and API calls for React apps over OAuth 2.x and OpenID Connect, in the browser, and an authorization server to develop against.
`

/**
 * @param {string} output the folder of the built site
 * @param {string} base the path below which the site is deployed
 */
export async function writePlainPages(output, base) {
  const pages = listPages().filter(({ file }) => file !== 'index.md')
  for (const page of pages) await write(join(output, page.file), textOf(page))
  const documents = pages.filter(({ file }) => !file.startsWith('reference/api/'))
  await write(join(output, 'llms.txt'), [SUMMARY, ...SECTIONS.map(([folder, title]) => listOf(folder, title, base))].join('\n'))
  await write(join(output, 'llms-full.txt'), [SUMMARY, ...documents.map(textOf)].join('\n'))
}

/**
 * Without the components of the site: their contents are the Markdown for readers without JavaScript.
 *
 * @param {import('./pages.mjs').Page} page
 */
function textOf({ text }) {
  return `${text.replaceAll(/^<\/?[A-Z]\w+>\n/gm, '').trim()}\n`
}

/**
 * @param {string} folder
 * @param {string} title
 * @param {string} base
 */
function listOf(folder, title, base) {
  const lines = listPages(folder).map(({ file, frontMatter }) => {
    const name = frontMatter.title ?? file
    return `- [${name}](${base}${file})${frontMatter.description ? `: ${frontMatter.description}` : ''}`
  })
  return `## ${title}\n\n${lines.join('\n')}\n`
}

/**
 * @param {string} path
 * @param {string} text
 */
async function write(path, text) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
