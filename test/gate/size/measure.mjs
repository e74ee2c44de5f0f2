// Bundles an app or an entry as Vite does for production, and weighs what a visitor downloads: brotli, quality 11.
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { root } from '../command.mjs'

/**
 * @typedef {{ name: string, bytes: number }} Chunk
 * @typedef {{ initial: number, lazy: Chunk[], chunks: Chunk[], code: string }} Weight `initial`: the entry and all that it imports statically
 */

/**
 * @param {string} input file
 * @param {{ external?: readonly (string | RegExp)[], apart?: RegExp }} [options] `external`: the input is an entry whose exports are kept,
 *   not an app; `apart`: modules that get a chunk "apart" of their own
 * @returns {Promise<Weight>}
 */
export async function weigh(input, { external = [], apart } = {}) {
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
  const chunks = output.filter((part) => part.type === 'chunk')
  const initial = new Set(
    staticImports(
      chunks,
      chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName),
    ),
  )
  const isInitial = (/** @type {{ fileName: string }} */ chunk) => initial.has(chunk.fileName)
  return {
    initial: sum(chunks.filter(isInitial).map((chunk) => brotliSize(chunk.code))),
    lazy: chunks.filter((chunk) => !isInitial(chunk)).map(weighChunk),
    chunks: chunks.map(weighChunk),
    code: chunks.map((chunk) => chunk.code).join('\n'),
  }
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
