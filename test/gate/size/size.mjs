// What an app pays for Latchkey: the growth of its initial JavaScript, beside the same app by hand and on the nearest peer.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../command.mjs'
import { weigh } from './measure.mjs'

/** Brotli bytes that the main job may add to React's own (issue: the main job, end to end). */
const INITIAL_LIMIT = 12_500

/** Entries, each bundled whole; the limit in brotli bytes, of all its chunks. React and TanStack Query are the app's own. */
const ENTRIES = [
  { entry: '@latchkey/react', limit: undefined },
  { entry: '@latchkey/core', limit: undefined },
  { entry: '@latchkey/core/callback', limit: 2000 },
]
const PEERS = [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\/react-query$/]

const folder = join(root, 'test/gate/size')
let failed = 0
let passed = 0

const bare = await weigh(join(folder, 'apps/bare.tsx'))
console.log(`react and react-dom alone: ${bare.initial}`)
for (const name of ['latchkey', 'hand-written', 'react-oidc-context']) {
  const { initial, lazy } = await weigh(join(folder, `apps/${name}.tsx`))
  const growth = initial - bare.initial
  const limit = name === 'latchkey' ? INITIAL_LIMIT : undefined
  judge(`${name}: initial growth`, growth, limit)
  for (const chunk of lazy) console.log(`  lazy chunk ${chunk.name}: ${chunk.bytes}`)
  if (limit)
    console.log(
      `note: initial growth ${growth} of ${limit} bytes brotli, lazy ${lazy.reduce((sum, chunk) => sum + chunk.bytes, 0)}`,
    )
}

// Inside test/, so that the workspace's packages are found by their names.
const scratch = await mkdtemp(join(root, 'test/.size-'))
try {
  for (const { entry, limit } of ENTRIES) {
    const file = join(scratch, 'entry.mjs')
    await writeFile(file, `export * from '${entry}'\n`)
    const { initial, lazy } = await weigh(file, { external: PEERS })
    judge(`${entry}: initial`, initial, limit)
    for (const chunk of lazy) console.log(`  lazy chunk ${chunk.name}: ${chunk.bytes}`)
  }
} finally {
  await rm(scratch, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/**
 * @param {string} what
 * @param {number} bytes
 * @param {number | undefined} limit
 */
function judge(what, bytes, limit) {
  const isGood = limit === undefined || bytes <= limit
  if (!isGood) failed++
  else if (limit !== undefined) passed++
  console.log(`${isGood ? '' : 'TOO LARGE '}${what} ${bytes} bytes brotli${limit === undefined ? '' : ` (limit ${limit})`}`)
}
