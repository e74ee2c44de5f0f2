// Which rows of the requirements (A-001 ... E-052) the tests cover, by their `// covers A-032` comments. A row that had a test keeps one.
//   --update   writes the rows that are covered now into the baseline
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './command.mjs'
import { readTestTitles } from './test-titles.mjs'

/** Rows in each section of the requirements. */
const ROWS = { A: 130, B: 55, C: 93, D: 29, E: 52 }
const TEST_FILE = /[.](test|test-d|contract)[.]tsx?$/
const baselineFile = join(root, 'test/gate/requirements-baseline.json')

const covered = await coveredRows()
if (process.argv.includes('--update')) await writeFile(baselineFile, `${JSON.stringify(covered, null, 2)}\n`)
const baseline = /** @type {string[]} */ (JSON.parse(await readFile(baselineFile, 'utf8')))
const lost = baseline.filter((row) => !covered.includes(row))
const counts = Object.entries(ROWS).map(
  ([section, rows]) => `${section} ${covered.filter((row) => row.startsWith(section)).length}/${rows}`,
)
console.log(`note: rows with a test: ${counts.join(', ')}`)
for (const row of lost) console.log(`${row} had a test and has none any more`)
console.log(`${baseline.length - lost.length} rows keep their test, ${lost.length} lost it`)
const unknown = covered.filter((row) => Number(row.slice(2)) > (ROWS[/** @type {keyof typeof ROWS} */ (row[0])] ?? 0))
for (const row of unknown) console.log(`${row} is named by a test, but there is no such row`)
const isGood = lost.length === 0 && unknown.length === 0
console.log(isGood ? '1 passed, 0 failed' : '0 passed, 1 failed')
process.exitCode = isGood ? 0 : 1

/** @returns {Promise<string[]>} sorted, each once */
async function coveredRows() {
  const folders = ['packages', 'test', 'playground']
  const files = (await Promise.all(folders.map((folder) => testFiles(join(root, folder))))).flat()
  const ids = await Promise.all(files.map(rowsOf))
  return [...new Set(ids.flat())].toSorted()
}

/**
 * @param {string} file
 * @returns {Promise<readonly string[]>}
 */
async function rowsOf(file) {
  const text = await readFile(file, 'utf8')
  // Most files name no row: they need not be parsed.
  return text.includes('// covers ') ? readTestTitles(file, text).ids : []
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function testFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter((entry) => !['node_modules', 'dist'].includes(entry.name))
      .map(async (entry) => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) return testFiles(path)
        return TEST_FILE.test(entry.name) ? [path] : []
      }),
  )
  return found.flat()
}
