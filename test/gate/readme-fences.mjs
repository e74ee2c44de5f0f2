// Every `ts` and `tsx` fence of the README files and of the documentation is type-checked against the built packages, as an app's own
// compiler would. The words after the language, and the label of a tab, say what a fence is:
//   ```ts continues            a part of the same file as the fence above it
//   ```ts [src/auth.ts]        a file that the other fences of the page import; a first line "// src/auth.ts" says the same
//   ```ts run                  runs in Node as well, and must end without an error
import { readFile, readdir, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript'
import { command, root } from './command.mjs'

/**
 * @typedef {object} Fence
 * @property {string} file path below the folder of the project
 * @property {string} code
 * @property {string} page
 * @property {number} line
 * @property {boolean} runs
 */

const folder = join(root, 'test/.readme')
const fences = (await Promise.all((await pages()).map(readFences))).flat()
try {
  await rm(folder, { recursive: true, force: true })
  for (const { file, code } of fences) await write(file, code)
  const output = (await Promise.all((await writeProjects()).map(compile))).join('')
  const reported = [...output.matchAll(/^(?:.*test\/\.readme\/)?([^\s(]+\.tsx?)\(\d/gm)].map((match) => match[1] ?? '')
  const broken = new Set(reported.concat(fences.filter(lacksTypes).map(({ file }) => file)))
  if (output === '') for (const fence of fences.filter(({ runs }) => runs)) if (!(await run(fence))) broken.add(fence.file)
  for (const { file, page, line } of fences) console.log(`${broken.has(file) ? 'FAIL' : 'ok  '} ${page}:${line} (${file})`)
  if (output !== '') console.log(output)
  const failed = output === '' ? broken.size : Math.max(1, broken.size)
  console.log(`${fences.length - broken.size} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function pages() {
  const packages = await readdir(join(root, 'packages'))
  const readmes = ['', ...packages.map((name) => `packages/${name}`), 'playground'].map((name) => join(root, name, 'README.md'))
  const docs = (await readdir(join(root, 'docs'), { recursive: true })).filter(
    (name) =>
      !/(?:^|[\\/])(?:node_modules|\.vitepress)[\\/]/.test(name) &&
      (dirname(name) !== 'reference' || name.endsWith('index.md')) &&
      !name.startsWith(join('reference', 'api')),
  )
  return [...readmes, ...docs.map((name) => join(root, 'docs', name))].filter((path) => path.endsWith('.md'))
}

/**
 * @param {string} path
 * @returns {Promise<Fence[]>}
 */
async function readFences(path) {
  const page = relative(root, path).split(sep).join('/')
  const place = page.replaceAll(/[^\w]/g, '-')
  const text = await readFile(path, 'utf8').catch(() => '')
  /** @type {Fence[]} */
  const found = []
  for (const match of text.matchAll(/^([ \t]*)```(tsx?)\b([^\n]*)\n(.*?)^[ \t]*```$/gms)) {
    const [, indent = '', language, info = '', body = ''] = match
    const code = indent ? body.replaceAll(new RegExp(`^${indent}`, 'gm'), '') : body
    const line = text.slice(0, match.index).split('\n').length
    const former = /\bcontinues\b/.test(info) ? found.at(-1) : undefined
    const named = nameIn(info, code)
    const isTaken = found.some(({ file }) => file === `${place}/${named}`)
    const name = named && !isTaken ? named : `fence-${line}.${language}`
    if (former) former.code += code
    else found.push({ file: `${place}/${name}`, code: `${code}\nexport {}\n`, page, line, runs: /\brun\b/.test(info) })
  }
  return found
}

/**
 * @param {string} info
 * @param {string} code
 * @returns {string | undefined} the path that a fence names, if it is one of TypeScript
 */
function nameIn(info, code) {
  return (/\[((?:[\w-]+\/)*[\w.-]+\.tsx?)\]/.exec(info) ?? /^\/\/ ((?:[\w-]+\/)*[\w.-]+\.tsx?)[,\n]/.exec(code))?.[1]
}

/**
 * The plugin's module has types for who names them, and in this one project each fence would have them from its neighbor.
 *
 * @param {{ code: string }} fence
 */
function lacksTypes({ code }) {
  return code.includes("from 'virtual:latchkey'") && !code.includes('types="@latchkey/vite/client"')
}

/**
 * @param {Fence} fence
 * @returns {Promise<boolean>} whether it ended without an error
 */
async function run({ file, code, page, line }) {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  const script = file.replace(/\.tsx?$/, '.mjs')
  await write(script, ts.transpileModule(code, { compilerOptions }).outputText)
  const { code: status, output } = await command(process.execPath, [join(folder, script)])
  if (status !== 0) console.log(`${page}:${line} ended with code ${status}\n${output}`)
  return status === 0
}

/**
 * @param {string} file below the folder of the project
 * @param {string} text
 */
async function write(file, text) {
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), text)
}

/**
 * Writes one project for most pages, and one for each page that extends types of a module or of the globals.
 *
 * @returns {Promise<string[]>} their files
 */
async function writeProjects() {
  const extending = fences
    .filter(({ code }) => /^\s*declare (?:module '@|global)/m.test(code))
    .map(({ file }) => file.split('/')[0])
  const places = [...new Set(extending)]
  const shared = { include: ['**/*.ts', '**/*.tsx'], exclude: places }
  await write('tsconfig.json', JSON.stringify({ ...project(), ...shared }))
  const own = places.map((place) => ({ file: `${place}.json`, include: [`${place}/**/*.ts`, `${place}/**/*.tsx`] }))
  for (const { file, include } of own) await write(file, JSON.stringify({ ...project(), include }))
  return ['tsconfig.json', ...own.map(({ file }) => file)]
}

/**
 * @param {string} file of the project
 * @returns {Promise<string>} what the compiler reports
 */
async function compile(file) {
  const { code, output } = await command('tsc', ['-p', join(folder, file)])
  return code === 0 ? '' : output
}

function project() {
  return {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      module: 'ESNext',
      moduleResolution: 'Bundler',
      customConditions: [],
      jsx: 'react-jsx',
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false,
      // A page shows one thing at a time: what it declares need not be used there.
      noUnusedLocals: false,
      noUnusedParameters: false,
      types: ['node', 'vite/client'],
    },
  }
}
