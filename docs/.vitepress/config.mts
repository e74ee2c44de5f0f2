import { defineConfig } from 'vitepress'
import { renderDiagrams } from '../build/diagrams.mjs'
import { SECTIONS } from '../build/pages.mjs'
import { writePlainPages } from '../build/plain-pages.mjs'
import { SEARCH } from '../build/search.mjs'
import { createSidebar } from '../build/sidebar.mjs'
import { linkSources } from '../build/source-links.mjs'
import { markWordBreaks } from '../build/word-breaks.mjs'

// The path below which the site is deployed, such as "/latchkey/", and the repository.
const base = process.env.DOCS_BASE ?? '/'
const repository = process.env.DOCS_REPOSITORY ?? 'https://github.com/latchkey-auth/latchkey'
const sourceUrl = `${repository}/blob/main/`

export default defineConfig({
  base,
  lang: 'en',
  title: 'Latchkey',
  description:
    'Sign-in and API calls for React over OAuth 2.x and OpenID Connect, and an authorization server to develop against',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }]],
  cleanUrls: true,
  // VitePress's home page has no landmark for its contents.
  transformHtml: (html) => html.replace('<div class="VPContent is-home"', '<div role="main" class="VPContent is-home"'),
  buildEnd: ({ outDir, site }) => writePlainPages(outDir, site.base, sourceUrl),
  srcExclude: ['README.md'],
  // A page that is being written may link to one that is not there yet: DOCS_DRAFT=1 npm run docs:build
  ignoreDeadLinks: process.env.DOCS_DRAFT !== undefined,
  appearance: true,
  markdown: {
    // The contrast of comments in the default themes is below 4.5.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      linkSources(md, sourceUrl)
      renderDiagrams(md)
      markWordBreaks(md)
    },
  },
  themeConfig: {
    nav: SECTIONS.map(([folder, text]) => ({ text, link: `/${folder}/`, activeMatch: `^/${folder}/` })),
    sidebar: createSidebar(),
    outline: { level: [2, 3] },
    search: { provider: 'local', options: SEARCH },
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    docFooter: { prev: 'Previous page', next: 'Next page' },
  },
})
