/**
 * @param {Readonly<Record<string, string | number>>} frontMatter
 * @param {readonly string[]} blocks
 * @returns {string} a page
 */
export function pageOf(frontMatter, blocks) {
  const head = Object.entries(frontMatter).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return `---\n${head.join('\n')}\neditLink: false\n---\n\n# ${frontMatter.title}\n\n${blocks.join('\n\n')}\n`
}

/**
 * @param {string} text a sentence of a doc comment or of the error catalog
 * @returns {string} the same as Markdown in which VitePress finds no element and no Vue expression
 */
export function proseOf(text) {
  const parts = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/(`[^`]*`)/)
  return parts.map((part, index) => (index % 2 === 1 ? part : escapeElements(part))).join('')
}

/** @param {string} text */
function escapeElements(text) {
  return text
    .replaceAll('<', '&lt;')
    .replaceAll('{{', '&#123;&#123;')
    .replaceAll('*', String.raw`\*`)
}

/**
 * @param {readonly string[]} head
 * @param {ReadonlyArray<readonly string[]>} rows cells as Markdown
 * @returns {string} a table
 */
export function tableOf(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`).join('\n')
}
