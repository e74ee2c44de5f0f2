import { SECTIONS, listPages } from './pages.mjs'

/**
 * Creates the sidebar of each section from the front matter of its pages: `title`, `order`, and `group` if the section has several.
 *
 * @returns {Record<string, import('vitepress').DefaultTheme.SidebarItem[]>}
 */
export function createSidebar() {
  return Object.fromEntries(SECTIONS.map(([folder, title]) => [`/${folder}/`, sidebarOf(folder, title)]))
}

/**
 * @param {string} folder
 * @param {string} title
 * @returns {import('vitepress').DefaultTheme.SidebarItem[]}
 */
function sidebarOf(folder, title) {
  /** @type {Map<string, import('vitepress').DefaultTheme.SidebarItem[]>} */
  const groups = new Map()
  for (const { url, file, frontMatter } of listPages(folder)) {
    if (file.startsWith('reference/api/')) continue
    const group = frontMatter.group ?? title
    const items = groups.get(group) ?? []
    items.push({ text: frontMatter.title ?? file, link: url })
    groups.set(group, items)
  }
  if (folder === 'reference') groups.get(title)?.push({ text: 'API by entry', link: '/reference/api/' })
  return [...groups].map(([text, items]) => ({ text, items }))
}
