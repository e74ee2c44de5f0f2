// The titles of a file's tests, and the rows of the requirements that their `// covers A-032, B-015` comments name.
// Both are read from the syntax: a test in a comment is no test, and a comment outside the body of a test that runs covers nothing.
import ts from 'typescript'

const COVERS = /^\/\/ covers ([A-E]-\d{3}(?:, [A-E]-\d{3})*)$/

/**
 * @typedef {{ titles: string[], ids: string[] }} TestTitles titles of the tests and suites that run, as written (`%s` included);
 *   rows named by the `// covers` comments in the tests' own bodies
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
  ts.forEachChild(node, (child) => {
    hasTest = visit(child, found) || hasTest
  })
  if (!kind || !hasTest || !ts.isCallExpression(node)) return hasTest
  const [title] = node.arguments
  if (title && ts.isStringLiteralLike(title)) found.titles.push(title.text)
  if (isTest(node)) found.ids.push(...coveredBy(node))
  return hasTest
}

/**
 * @param {ts.CallExpression} call
 * @returns {boolean} whether the call declares one test, as opposed to a suite
 */
function isTest(call) {
  return ['it', 'test'].includes(namesOf(call.expression)[0] ?? '')
}

/**
 * @param {ts.CallExpression} test
 * @returns {string[]} rows named by the comments in the test's function
 */
function coveredBy(test) {
  const run = test.arguments.find((argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument))
  // Reading every token takes most of the time.
  if (!run?.body.getText().includes('// covers ')) return []
  const comments = [...commentsIn(run.body)].map((comment) => COVERS.exec(comment)?.[1]?.split(', ') ?? [])
  return comments.flat()
}

/**
 * @param {ts.Node} body
 * @returns {Set<string>}
 */
function commentsIn(body) {
  const text = body.getSourceFile().text
  /** @type {Set<string>} */
  const comments = new Set()
  /** @param {ts.Node} node */
  const collect = (node) => {
    // The comment before the body is the comment of the test's arguments.
    const ranges = node === body ? [] : (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
    for (const { pos, end } of ranges) comments.add(text.slice(pos, end))
    for (const child of node.getChildren()) collect(child)
  }
  collect(body)
  return comments
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
