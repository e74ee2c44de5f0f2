// What programs read instead of the pages: the Markdown next to each page, and lists of all pages.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SECTIONS, listPages } from './pages.mjs'
import { absoluteLink, sourceLink } from './source-links.mjs'

const SUMMARY = `# Latchkey

> Sign-in and API calls for React apps over OAuth 2.x and OpenID Connect, in the browser, and an authorization server to develop against.
`

/**
 * @param {string} output the folder of the built site
 * @param {string} base the path below which the site is deployed
 * @param {string} sourceUrl the address of the repository's root at the Git host, with a slash at the end
 */
export async function writePlainPages(output, base, sourceUrl) {
  const pages = listPages().filter(({ file }) => file !== 'index.md')
  for (const page of pages) {
    const text = textOf(page, (href) => sourceLink(page.file, href, sourceUrl))
    await write(join(output, page.file), text)
  }
  const list = [SUMMARY, ...SECTIONS.map(([folder, title]) => listOf(folder, title, base))].join('\n')
  await write(join(output, 'llms.txt'), list)
  // The contents of the home page are these lists, with pictures.
  await write(join(output, 'index.md'), list)
  const documents = pages.filter(({ file }) => !file.startsWith('reference/api/'))
  const texts = documents.map((page) => textOf(page, (href) => absoluteLink(page.file, href, { base, sourceUrl })))
  await write(join(output, 'llms-full.txt'), [SUMMARY, ...texts].join('\n'))
}

/**
 * Without the components and containers of the site: their contents are the Markdown for readers without JavaScript.
 *
 * @param {import('./pages.mjs').Page} page
 * @param {(href: string) => string} link
 */
function textOf({ text }, link) {
  const plain = text
    .replaceAll(/^<\/?[A-Z]\w+>\n/gm, '')
    .replaceAll(/^::: code-group\n(.*?)^:::\n/gms, (_, tabs) => tabs.replaceAll(/^(```\w+) \[(.+?)\]/gm, '**$2**\n\n$1'))
    .replaceAll(/\]\((\.[^)\s]+)\)/g, (_, href) => `](${link(href)})`)
  return `${plain.trim()}\n`
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
