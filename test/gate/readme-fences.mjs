// Every `ts` and `tsx` fence of the README files is type-checked against the built packages, as an app's own compiler would.
// A fence that leans on the one above it says so: ```ts continues
import { readFile, readdir, mkdir, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { command, root } from './command.mjs'

const folder = join(root, 'test/.readme')
const fences = (await Promise.all((await pages()).map(readFences))).flat()
try {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  await Promise.all(fences.map(({ file, code }) => writeFile(join(folder, file), code)))
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project()))
  const { code, output } = fences.length > 0 ? await command('tsc', ['-p', folder]) : { code: 0, output: '' }
  const broken = new Set(
    [...output.matchAll(/([\w.-]+\.tsx?)[(:]/g)]
      .map((match) => match[1])
      .concat(fences.filter(lacksTypes).map(({ file }) => file)),
  )
  for (const { file, page, line } of fences) console.log(`${broken.has(file) ? 'FAIL' : 'ok  '} ${page}:${line} (${file})`)
  if (code !== 0) console.log(output)
  const failed = code === 0 ? broken.size : Math.max(1, broken.size)
  console.log(`${fences.length - broken.size} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function pages() {
  const packages = await readdir(join(root, 'packages'))
  const readmes = ['', ...packages.map((name) => `packages/${name}`), 'playground'].map((name) => join(root, name, 'README.md'))
  const guides = existsSync(join(root, 'docs')) ? (await readdir(join(root, 'docs'))).map((name) => join(root, 'docs', name)) : []
  return [...readmes, ...guides].filter((path) => path.endsWith('.md') && existsSync(path))
}

/** @param {string} path */
async function readFences(path) {
  const page = relative(root, path)
  const text = await readFile(path, 'utf8')
  /** @type {Array<{ file: string, code: string, page: string, line: number }>} */
  const found = []
  for (const match of text.matchAll(/^```(tsx?)( continues)?[^\n]*\n(.*?)^```$/gms)) {
    const [, language, continues, code = ''] = match
    const line = text.slice(0, match.index).split('\n').length
    const former = continues ? found.at(-1) : undefined
    if (former) former.code += code
    else found.push({ file: `${page.replaceAll(/[^\w]/g, '-')}-${line}.${language}`, code: `${code}\nexport {}\n`, page, line })
  }
  return found
}

/**
 * The plugin's module has types for who names them, and in this one project each fence would have them from its neighbor.
 *
 * @param {{ code: string }} fence
 */
function lacksTypes({ code }) {
  return code.includes("from 'virtual:latchkey'") && !code.includes('types="@latchkey/vite/client"')
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
    include: ['*.ts', '*.tsx'],
  }
}
