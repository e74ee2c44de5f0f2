// What the search of the site indexes, and in which order it shows what it finds.
// VitePress copies the source of the functions in `miniSearch` into the site: they can use nothing from outside.

/** Separates the search words of a page from its text, see `_render`. VitePress's index has no place of its own for them. */
const END_OF_KEYWORDS = '\u241E'

/**
 * VitePress hands `fields` on too, though its type does not name it.
 *
 * @typedef {import('vitepress').DefaultTheme.LocalSearchOptions} Search
 * @typedef {NonNullable<NonNullable<Search['miniSearch']>['options']>} IndexOptions
 * @type {Search}
 */
export const SEARCH = {
  // The API reference repeats what the other pages of the reference say, and would make the index twenty times as large.
  _render(text, env, md) {
    if (env.relativePath.startsWith('reference/api/')) return ''
    const html = md.render(text, env)
    // What users type and the page does not say, such as "silent renew". See `keywords` in the front matter.
    const keywords = env.frontmatter?.keywords
    return typeof keywords === 'string' ? html.replace('</h1>', `</h1>${keywords}${END_OF_KEYWORDS}`) : html
  },
  miniSearch: {
    options: /** @type {IndexOptions} */ ({
      fields: ['title', 'titles', 'text', 'keywords'],
      extractField(section, name) {
        const parts = String(Reflect.get(section, 'text')).split('\u241E')
        if (name === 'keywords') return parts.length > 1 ? (parts[0] ?? '') : ''
        return name === 'text' ? (parts.at(-1) ?? '') : Reflect.get(section, name)
      },
      processTerm(term) {
        const word = term.toLowerCase()
        const isFiller = /^(?:an?|the|is|are|do|does|i|my|how|what|where|why|can|of|to|for)$/.test(word)
        return isFiller ? null : word
      },
    }),
    searchOptions: {
      boost: { title: 4, keywords: 4, text: 2, titles: 1 },
      // For a word such as "popup", the guide comes before the entries of the reference, and its top before its parts. A full name such
      // as "popup_blocked" still finds its entry first.
      boostDocument(id, _term, section) {
        const isTop = Array.isArray(section?.titles) && section.titles.length === 0
        const byPlace = id.includes('/guides/') ? 1.5 : /\/(?:reference|migrate)\//.test(id) ? 0.75 : 1
        return isTop ? byPlace * 1.3 : byPlace
      },
    },
  },
}
