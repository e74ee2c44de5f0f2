/**
 * Marks where code in tables may be wrapped: after a space, a slash, a dot, a bracket, between the words of a name. Without marks, a browser
 * breaks a name in the middle of a word where a phone is too narrow. Copied text does not contain the marks.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function markWordBreaks(md) {
  const { code_inline: renderCode } = md.renderer.rules
  if (!renderCode) throw new Error('The renderer has no rule for code.')
  md.core.ruler.push('word-breaks', ({ tokens }) => {
    const isCell = tokens.map(({ type }) => type === 'td_open' || type === 'th_open')
    const cells = tokens.filter((_, index) => isCell[index - 1])
    for (const token of cells.flatMap(({ children }) => children ?? []))
      if (token.type === 'code_inline') token.meta = { isInTable: true }
  })
  md.renderer.rules.code_inline = (tokens, index, ...rest) => {
    const html = renderCode(tokens, index, ...rest)
    return tokens[index]?.meta?.isInTable ? html.replace(/(?<=^<code[^>]*>).*(?=<\/code>$)/s, withBreaks) : html
  }
}

/**
 * @param {string} html text with entities, without elements
 * @returns {string}
 */
function withBreaks(html) {
  return html.replaceAll(/&\w+;|(?<= )(?=\S)|(?<=[/._(,:=?])(?=[\w{[('])|(?<=[a-z])(?=[A-Z])/g, (found) => found || '<wbr>')
}
