// The API report of every entry of every published package: packages/*/api/<entry>.api.md, made from the declarations in dist.
// Without arguments it fails when a report differs from the committed one, or a public export has no doc comment.
//   --update   writes the reports
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { root } from './command.mjs'

const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: [],
  jsx: 'react-jsx',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}
const isUpdate = process.argv.includes('--update')
const packages = join(root, 'packages')

let passed = 0
let failed = 0
const folders = (await readdir(packages)).toSorted().map((name) => join(packages, name))
const perPackage = folders.filter((folder) => existsSync(join(folder, 'package.json'))).map(entriesOf)
const compilerState = compile(perPackage.flat())
for (const entries of perPackage) await checkPackage(entries)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** @param {readonly Entry[]} entries of one package */
async function checkPackage(entries) {
  const [first] = entries
  if (!first) return
  const reports = join(first.folder, 'api')
  await mkdir(reports, { recursive: true })
  for (const entry of entries) {
    const problems = checkEntry(entry)
    if (problems.length === 0) passed += 1
    else failed += 1
    for (const problem of problems) console.log(problem)
  }
  await removeStrayReports(reports, entries)
}

/**
 * One program for all entries: they share most of their declarations, and all of the compiler's own.
 *
 * @param {readonly Entry[]} entries
 * @returns {CompilerState | undefined} undefined if nothing is built
 */
function compile(entries) {
  const [first, ...others] = entries.filter(({ types }) => existsSync(types))
  return first && CompilerState.create(configOf(first), { additionalEntryPoints: others.map(({ types }) => types) })
}

/**
 * @typedef {{ folder: string, name: string, source: string, types: string, isMain: boolean }} Entry
 *   folder of the package, name of the report, absolute paths of the source and its declarations
 * @param {string} folder
 * @returns {Entry[]} the entries in `exports` that have declarations in dist
 */
function entriesOf(folder) {
  const { name: packageName, exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([path, target]) => {
    // For packages of this workspace only, and it changes without notice.
    if (path === './internals') return []
    const types = typeof target === 'object' && target !== null ? target.types : undefined
    if (typeof types !== 'string' || !types.startsWith('./dist/')) return []
    const isMain = path === '.'
    const name = isMain ? packageName.replace(/^@[^/]*\//, '') : path.slice(2).replaceAll('/', '-')
    const source = join(folder, target['@latchkey/source'] ?? types)
    return [{ folder, name, source, types: join(folder, types), isMain }]
  })
}

/**
 * @param {Entry} entry
 * @returns {string[]} what is wrong
 */
function checkEntry(entry) {
  const { folder, name, types, source } = entry
  // dist may still have the output of a file that is gone.
  if (!existsSync(source)) return [`${relative(root, source)} is missing, but package.json exports it`]
  if (!existsSync(types)) return [`${relative(root, types)} is missing: run "npm run build"`]
  /** @type {string[]} */
  const problems = []
  const { apiReportChanged } = Extractor.invoke(configOf(entry), {
    localBuild: isUpdate,
    ...(compilerState && { compilerState }),
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.formatMessageWithLocation(root))
    },
  })
  const report = join(folder, 'api', `${name}.api.md`)
  if (apiReportChanged && !isUpdate) problems.push(`${relative(root, report)} is out of date: run "npm run api:update"`)
  const current = readFileSync(join(temporaryFolder(folder), `${name}.api.md`), 'utf8')
  const undocumented = undocumentedExports(current).map((symbol) => `${relative(root, report)}: "${symbol}" has no doc comment`)
  return [...problems, ...undocumented]
}

/**
 * The extractor marks members too; here only the exports themselves count.
 *
 * @param {string} report
 * @returns {string[]}
 */
function undocumentedExports(report) {
  const declaration = /^\/\/ .*\(undocumented\)\nexport (?:declare |abstract )*\w+ (\w+)/gm
  return [...report.matchAll(declaration)].map(([, name = '']) => name)
}

/** @param {string} folder */
function temporaryFolder(folder) {
  return join(root, 'node_modules/.cache/latchkey-api', basename(folder))
}

/** @param {Entry} entry */
function configOf({ folder, name, types, isMain }) {
  return ExtractorConfig.prepare({
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [types] } },
      apiReport: {
        enabled: true,
        reportFileName: name,
        // A type that only a signature mentions is part of the surface too. The other entries mention types of the main one.
        includeForgottenExports: isMain,
        reportFolder: join(folder, 'api'),
        reportTempFolder: temporaryFolder(folder),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  })
}

/**
 * A report whose entry is gone would never be noticed.
 *
 * @param {string} reports
 * @param {ReadonlyArray<{ name: string }>} entries
 */
async function removeStrayReports(reports, entries) {
  for (const file of await readdir(reports)) {
    if (entries.some(({ name }) => file === `${name}.api.md`)) continue
    if (isUpdate) await rm(join(reports, file))
    else {
      failed += 1
      console.log(`${relative(root, join(reports, file))} belongs to no entry: run "npm run api:update"`)
    }
  }
}
