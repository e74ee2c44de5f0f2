import { dirname, posix, relative } from 'node:path'
import { DOCS } from './pages.mjs'

/**
 * Makes links from a page to a file outside `docs`, such as `../../SECURITY.md`, lead to the file at the Git host.
 * The same links work in an editor and at the Git host.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 * @param {string} sourceUrl the address of the repository's root at the Git host, with a slash at the end
 */
export function linkSources(md, sourceUrl) {
  md.core.ruler.push('source-links', ({ tokens, env }) => {
    const page = relative(DOCS, env.path ?? DOCS)
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : undefined
      if (href?.startsWith('.')) token.attrSet('href', sourceLink(page, href, sourceUrl))
    }
  })
}

/**
 * @param {string} page path below `docs`
 * @param {string} href a relative link of the page
 * @param {string} sourceUrl the address of the repository's root at the Git host, with a slash at the end
 * @returns {string} the address of the file at the Git host; the same link if it leads to a page
 */
export function sourceLink(page, href, sourceUrl) {
  const target = posix.join('docs', dirname(page), href)
  return target.startsWith('docs/') ? href : sourceUrl + target
}

/**
 * @param {string} page path below `docs`
 * @param {string} href a relative link of the page
 * @param {{ base: string, sourceUrl: string }} site
 * @returns {string} a link that is the same on every page
 */
export function absoluteLink(page, href, { base, sourceUrl }) {
  const link = sourceLink(page, href, sourceUrl)
  return link === href ? base + posix.join(dirname(page), href) : link
}
