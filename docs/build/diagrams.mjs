import { renderMermaidSVG } from 'beautiful-mermaid'

// VitePress's colors, which change between light and dark.
const COLORS = { bg: 'var(--vp-c-bg)', fg: 'var(--vp-c-text-1)', accent: 'var(--vp-c-brand-1)', transparent: true }
const COLUMN_PX = 688
const LARGEST_SCALE = 1.25
const ARROW = /^(\w+)\s*(?:<<)?--?(?:>>?|x|\))[+-]?\s*(\w+)\s*:\s*(.+)$/

/**
 * Renders fences of the language `mermaid` as pictures when the site is built, with the same content as text below. A first line
 * `accTitle: …` is the title of the picture.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function renderDiagrams(md) {
  const renderFence = md.renderer.rules.fence
  md.renderer.rules.fence = (tokens, index, ...others) => {
    const token = tokens[index]
    if (token?.info.trim() === 'mermaid') return figureOf(token.content)
    return renderFence?.(tokens, index, ...others) ?? ''
  }
}

/** @param {string} source */
function figureOf(source) {
  const title = /^\s*accTitle:\s*(.+)$/m.exec(source)?.[1]?.trim() ?? 'Diagram'
  const drawn = source.replaceAll(/^\s*acc[A-Z]\w+:.*\n/gm, '')
  // The styles are in theme/diagrams.css: Vue compiles no <style> in a page.
  const svg = renderMermaidSVG(drawn, COLORS)
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/\n\s*/g, '\n')
    .replace(/ width="([\d.]+)" height="([\d.]+)"/, (_, width, height) => sizeOf(Number(width), Number(height)))
    .replace('<svg ', `<svg role="img" aria-label="${escape(title)}" `)
  const steps = stepsOf(drawn)
  const text =
    steps.length > 0
      ? `<details><summary>The diagram as text</summary><ol>${steps.map((step) => `<li>${escape(step)}</li>`).join('')}</ol></details>`
      : ''
  return `<figure class="diagram" v-pre><div class="drawing" tabindex="0" role="group" aria-label="${escape(title)}">${svg}</div>${text}</figure>\n`
}

/**
 * Enlarges a diagram that is narrower than the column: its smallest text has 11 px.
 *
 * @param {number} width
 * @param {number} height
 */
function sizeOf(width, height) {
  const scale = Math.min(LARGEST_SCALE, Math.max(1, COLUMN_PX / width))
  return ` width="${Math.round(width * scale)}" height="${Math.round(height * scale)}"`
}

/**
 * @param {string} source of a sequence diagram
 * @returns {string[]} its messages as sentences
 */
function stepsOf(source) {
  const lines = source.split('\n').map((line) => line.trim())
  const names = new Map(
    lines.flatMap((line) => {
      const [, id, name] = /^(?:participant|actor)\s+(\w+)(?:\s+as\s+(.+))?$/.exec(line) ?? []
      return id ? [[id, name ?? id]] : []
    }),
  )
  const nameOf = (/** @type {string} */ id) => names.get(id) ?? id
  return lines.flatMap((line) => {
    const [, from, to, message] = ARROW.exec(line) ?? []
    if (from && to && message) return [`${from === to ? nameOf(from) : `${nameOf(from)} to ${nameOf(to)}`}: ${message}`]
    const note = /^Note\s+[\w\s,]+:\s*(.+)$/i.exec(line)?.[1]
    const condition = /^(?:alt|opt|loop|par)\s+(.+)$/.exec(line)?.[1]
    if (condition) return [`If or while ${condition}:`]
    return note ? [note] : []
  })
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
