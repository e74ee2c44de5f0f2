// Serves the documentation from a bare clone: node docs/start.mjs [--port 5180] [--host 127.0.0.1]
// Requires Node and npm only: installs and builds what is missing.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { command, root } from '../test/gate/command.mjs'
import { isInstalled, nodeProblem } from '../test/gate/set-up.mjs'

const docs = import.meta.dirname

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function main() {
  const problem = nodeProblem()
  if (problem) throw new Error(problem)
  const { port, host } = parseArgs({
    options: { port: { type: 'string', default: '5180' }, host: { type: 'string', default: '127.0.0.1' } },
  }).values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new Error(`--port must be a number up to 65535, but is "${port}".`)
  if (!isInstalled()) await step('Installing packages', 'npx', ['--yes', 'pnpm@10', 'install', '--frozen-lockfile'])
  // The reference is generated from what the compiler writes.
  await step('Building the packages', process.execPath, compilerArguments())
  await step('Writing the reference', process.execPath, [join(docs, 'build', 'write-reference.mjs')])
  // These take half a minute together, and change rarely: delete a folder to have it written again.
  if (!existsSync(join(docs, 'public', 'story')))
    await step('Building the story of the code flow', process.execPath, [join(docs, 'build', 'story.mjs')])
  if (!existsSync(join(docs, 'reference', 'api')))
    await step('Writing the API reference (once)', process.execPath, [join(docs, 'build', 'reference', 'api-pages.mjs')])
  // Imported here because it may have been installed a moment ago.
  const { createServer } = await import('vitepress')
  const server = await createServer(docs, { port: Number(port), host })
  await server.listen()
  server.printUrls()
}

function compilerArguments() {
  const compiler = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
  // The compiler's build info is wrong if the output was deleted.
  const isBuilt = ['core', 'react', 'server'].every((name) => existsSync(join(root, 'packages', name, 'dist', 'index.js')))
  return [compiler, '-b', ...(isBuilt ? [] : ['--force']), join(root, 'tsconfig.build.json')]
}

/**
 * Runs a command, and prints its output only if it fails.
 *
 * @param {string} title
 * @param {string} program
 * @param {readonly string[]} args
 */
async function step(title, program, args) {
  process.stdout.write(`${title} …`)
  const { code, output } = await command(program, args)
  console.log(code === 0 ? ' done' : ' failed')
  if (code !== 0) throw new Error(output)
}
