// Bundles an app or an entry as Vite does for production, and weighs what a visitor downloads: brotli, quality 11.
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { root } from '../command.mjs'

/**
 * @typedef {{ name: string, bytes: number }} Chunk
 * @typedef {{ initial: number, lazy: Chunk[], chunks: Chunk[], code: string }} Weight `initial`: the entry and all that it imports statically
 * @typedef {{ external?: readonly (string | RegExp)[], apart?: RegExp }} BundleOptions `external`: the input is an entry whose exports are
 *   kept, not an app; `apart`: modules that get a chunk "apart" of their own
 */

/**
 * @param {string} input file
 * @param {BundleOptions} [options]
 * @returns {Promise<Weight>}
 */
export async function weigh(input, options) {
  const output = await bundle(input, options)
  const initial = new Set(
    staticImports(
      output,
      output.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName),
    ),
  )
  // Compressing takes longer than bundling, so each chunk is compressed once.
  const weighed = output.map((chunk) => ({ chunk: weighChunk(chunk), isInitial: initial.has(chunk.fileName) }))
  const chunksOf = (/** @type {boolean} */ isInitial) =>
    weighed.filter((each) => each.isInitial === isInitial).map(({ chunk }) => chunk)
  return {
    initial: sum(chunksOf(true).map(({ bytes }) => bytes)),
    lazy: chunksOf(false),
    chunks: weighed.map(({ chunk }) => chunk),
    code: codeOf(output),
  }
}

/**
 * @param {readonly { code: string }[]} chunks
 * @returns {string} the code of all
 */
export function codeOf(chunks) {
  return chunks.map((chunk) => chunk.code).join('\n')
}

/**
 * @param {string} input file
 * @param {BundleOptions} [options]
 * @returns {Promise<import('vite').Rolldown.OutputChunk[]>}
 */
export async function bundle(input, { external = [], apart } = {}) {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    plugins: [react()],
    build: {
      write: false,
      modulePreload: false,
      // As long as with a hash, but without one: brotli packs the hashes of a build up to 100 bytes better or worse than those of another.
      rolldownOptions: {
        input,
        external: [...external],
        // As Vite builds apps: https://rolldown.rs/reference/InputOptions.preserveEntrySignatures
        preserveEntrySignatures: external.length > 0 ? 'strict' : false,
        output: {
          chunkFileNames: 'assets/[name]-latchkey.js',
          ...(apart && { codeSplitting: { groups: [{ name: 'apart', test: apart }] } }),
        },
      },
    },
  })
  const { output } = /** @type {import('vite').Rolldown.RolldownOutput} */ (Array.isArray(result) ? result[0] : result)
  return output.filter((part) => part.type === 'chunk')
}

/**
 * @param {ReadonlyArray<{ fileName: string, imports: readonly string[] }>} chunks
 * @param {readonly string[]} names
 * @returns {string[]}
 */
function staticImports(chunks, names) {
  const found = new Set(names)
  for (const name of found) for (const next of chunks.find((chunk) => chunk.fileName === name)?.imports ?? []) found.add(next)
  return [...found]
}

/**
 * @param {{ name: string, code: string }} chunk
 * @returns {Chunk}
 */
function weighChunk({ name, code }) {
  return { name, bytes: brotliSize(code) }
}

/** @param {string | Uint8Array} code */
export function brotliSize(code) {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
