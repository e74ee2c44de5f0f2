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
      if (!href?.startsWith('.')) continue
      const target = posix.join('docs', dirname(page), href)
      if (!target.startsWith('docs/')) token.attrSet('href', sourceUrl + target)
    }
  })
}
