// Builds the apps of `apps/` for production, as Vite builds an app, each into a folder of its own.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { root } from '../../gate/command.mjs'
import { brotliSize } from '../../gate/size/measure.mjs'

const results = join(root, 'test-results/bench-client')

/** @typedef {{ folder: string, sizes: Readonly<Record<string, number>> }} BuiltApp `sizes`: brotli bytes by path */

/**
 * @param {string} name
 * @param {string | undefined} base folder of another build of Latchkey's packages, in the folders dist-base of core and react
 * @returns {Promise<BuiltApp>}
 */
export async function buildApp(name, base) {
  const folder = join(results, base ? `${name}-base` : name)
  const page = join(folder, 'source/index.html')
  mkdirSync(join(folder, 'source'), { recursive: true })
  writeFileSync(
    page,
    `<!doctype html><html lang="en"><head><title>Bench</title><link rel="icon" href="data:,"></head><body>` +
      `<script type="module" src="/test/bench/client/apps/${name}.tsx"></script></body></html>`,
  )
  const outDir = join(folder, 'dist')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    plugins: [react()],
    resolve: { alias: base ? aliasesOf(base) : [] },
    build: {
      outDir,
      emptyOutDir: true,
      minify: process.env['PROFILE'] === undefined,
      rolldownOptions: { input: page },
    },
  })
  renameSync(join(outDir, page.slice(root.length)), join(outDir, 'index.html'))
  const files = readdirSync(join(outDir, 'assets')).filter((file) => file.endsWith('.js'))
  const sizes = files.map((file) => [`/assets/${file}`, brotliSize(readFileSync(join(outDir, 'assets', file)))])
  return { folder: outDir, sizes: Object.fromEntries(sizes) }
}

/** @param {string} base */
function aliasesOf(base) {
  return [
    { find: /^@latchkey\/(core|react)$/, replacement: `${base}/$1/dist-base/index.js` },
    { find: /^@latchkey\/(core|react)\/(.+)$/, replacement: `${base}/$1/dist-base/$2.js` },
  ]
}
