// What the tests of a file say of themselves: read from the syntax, so that neither a comment nor a skipped test counts as one.
import ts from 'typescript'

/**
 * @typedef {{ titles: string[], ids: string[] }} TestTitles titles of the tests and suites that run, as they are written (`%s` and all);
 *   rows of the requirements that they name: in a title, in a table of titles, or in a comment directly above the test
 * @param {string} name of the file
 * @param {string} text
 * @returns {TestTitles}
 */
export function readTestTitles(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  /** @type {TestTitles} */
  const found = { titles: [], ids: [] }
  visit(source, found)
  return found
}

/**
 * @param {ts.Node} node
 * @param {TestTitles} found
 * @returns {boolean} whether there is a test in it that runs
 */
function visit(node, found) {
  const kind = ts.isCallExpression(node) ? kindOf(node) : undefined
  if (kind === 'skipped') return false
  let hasTest = kind === 'test'
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) addIds(node.text, found)
  ts.forEachChild(node, (child) => {
    hasTest = visit(child, found) || hasTest
  })
  if (!kind || !hasTest || !ts.isCallExpression(node)) return hasTest
  const [title] = node.arguments
  if (title && ts.isStringLiteralLike(title)) found.titles.push(title.text)
  if (ts.isExpressionStatement(node.parent)) addIds(commentAbove(node.parent), found)
  return hasTest
}

/**
 * @param {ts.CallExpression} call `it(…)`, `it.each(…)(…)`, `describe.skipIf(…)(…)`, `describeStore(…)`
 * @returns {'test' | 'suite' | 'skipped' | undefined}
 */
function kindOf(call) {
  const [name = '', ...modifiers] = namesOf(call.expression)
  if (!/^(?:it|test|describe\w*)$/.test(name)) return undefined
  if (modifiers.some((modifier) => modifier === 'skip' || modifier === 'todo')) return 'skipped'
  // A suite of a contract (`describeStore`) has its tests elsewhere.
  return name === 'describe' ? 'suite' : 'test'
}

/**
 * @param {ts.Expression} callee `it.each(…)`
 * @returns {string[]} `['it', 'each']`; nothing for what is not made of names
 */
function namesOf(callee) {
  if (ts.isIdentifier(callee)) return [callee.text]
  if (ts.isPropertyAccessExpression(callee)) return [...namesOf(callee.expression), callee.name.text]
  if (ts.isCallExpression(callee)) return namesOf(callee.expression)
  return ts.isTaggedTemplateExpression(callee) ? namesOf(callee.tag) : []
}

/**
 * @param {ts.Node} node
 * @returns {string}
 */
function commentAbove(node) {
  const text = node.getSourceFile().text
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []
  return ranges.map(({ pos, end }) => text.slice(pos, end)).join('\n')
}

/**
 * @param {string} text
 * @param {TestTitles} found
 */
function addIds(text, found) {
  found.ids.push(...(text.match(/\b[A-E]-\d{3}\b/g) ?? []))
}
