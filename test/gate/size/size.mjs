// What an app pays for Latchkey: the growth of its initial JavaScript beside two peers, and the size of every entry for browsers.
//   --update   writes the limits of the entries anew, after a growth that is worth it
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../command.mjs'
import { recordMeasure } from '../measures.mjs'
import { weigh } from './measure.mjs'

/** Brotli bytes that the main job may add to React's own. What is loaded until the sign-in is measured by test/e2e/app-size.test.ts. */
const INITIAL_LIMIT = 10_850
/** Brotli bytes of `@latchkey/oauth1` itself in an app that has core: everything for three legs and a signed request with HMAC-SHA1. */
const OAUTH1_LIMIT = 3000
/** Texts of errors, calls besides `login` and `fetch`, and what other requests and options need: forms, RSA, PLAINTEXT, body, query, `userInfo`. */
const OAUTH1_RARE = /^(?:rare|rsa-key)$/
/** Core, and what Vite and Rolldown add to every app that loads a chunk. */
const NOT_OAUTH1 = /packages.core|node_modules|preload-helper|rolldown.runtime/
const PACKAGES = ['core', 'oauth1', 'react']
/** React and TanStack Query are the app's own; the others are for tests. */
const PEERS = [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\/react-query$/, /^@latchkey\/server$/, /^@testing-library\/react$/]

const folder = join(root, 'test/gate/size')
const limitsFile = join(folder, 'limits.json')
const isUpdate = process.argv.includes('--update')
/** @type {Record<string, number>} brotli bytes of an entry with all that it imports, lazily or not */
const limits = JSON.parse(await readFile(limitsFile, 'utf8'))
/** @type {Record<string, number>} */
const sizes = {}
/** @type {Record<string, import('../measures.mjs').Measure>} */
const APP_MEASURES = {
  latchkey: 'initial',
  'hand-written': 'initial-hand-written',
  'react-oidc-context': 'initial-react-oidc-context',
}
let failed = 0

const bare = await weigh(join(folder, 'apps/bare.tsx'))
for (const [name, measure] of Object.entries(APP_MEASURES)) {
  const { initial, lazy, code } = await weigh(join(folder, `apps/${name}.tsx`))
  const growth = initial - bare.initial
  const limit = measure === 'initial' ? INITIAL_LIMIT : undefined
  report(`app: ${name}`, { initial: growth, lazy: sum(lazy) }, growth, limit)
  recordMeasure(measure, growth, limit)
  if (code.includes('oauth_')) {
    failed++
    console.log(`apps/${name}.tsx contains code of OAuth 1.0a`)
  }
}

// Inside test/, so that the workspace's packages are found by their names.
const scratch = await mkdtemp(join(root, 'test/.size-'))
try {
  for (const entry of (await Promise.all(PACKAGES.map(entriesOf))).flat()) {
    const file = join(scratch, 'entry.mjs')
    await writeFile(file, `export * from '${entry}'\n`)
    const { initial, lazy } = await weigh(file, { external: PEERS })
    // Rounded up, so that a change of a few bytes needs no new limit.
    sizes[entry] = Math.ceil((initial + sum(lazy)) / 250) * 250
    if (limits[entry] === undefined && !isUpdate) missing(entry)
    report(entry, { initial, lazy: sum(lazy) }, initial + sum(lazy), isUpdate ? undefined : limits[entry])
  }
  await reportOAuth1(join(scratch, 'oauth1.mjs'))
} finally {
  await rm(scratch, { recursive: true })
}
if (isUpdate) await writeFile(limitsFile, `${JSON.stringify(sizes, null, 2)}\n`)
process.exitCode = failed > 0 ? 1 : 0

/** @param {string} file is written */
async function reportOAuth1(file) {
  await writeFile(file, "import { createOAuth1Client } from '@latchkey/oauth1'\nglobalThis.create = createOAuth1Client\n")
  const { chunks } = await weigh(file, { apart: NOT_OAUTH1 })
  const own = chunks.filter(({ name }) => name !== 'apart' && !/runtime/.test(name) && !OAUTH1_RARE.test(name))
  const initial = sum(own.filter(({ name }) => name === 'oauth1'))
  const all = sum(own)
  report('own code of @latchkey/oauth1', { initial, lazy: all - initial }, all, OAUTH1_LIMIT)
  recordMeasure('oauth1', all, OAUTH1_LIMIT)
}

/** @param {string} name of the package's folder */
async function entriesOf(name) {
  const manifest = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8'))
  return Object.keys(manifest.exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => manifest.name + path.slice(1))
}

/**
 * Prints one row of the table.
 *
 * @param {string} what
 * @param {{ initial: number, lazy: number }} sizes
 * @param {number} limited the bytes that the limit is for
 * @param {number | undefined} limit
 */
function report(what, { initial, lazy }, limited, limit) {
  const isGood = limit === undefined || limited <= limit
  if (!isGood) failed++
  const cells = [what.padEnd(40), `initial ${initial}`.padEnd(16), `lazy ${lazy}`.padEnd(14), limit ? `limit ${limit}` : '']
  console.log(`${isGood ? '         ' : 'TOO LARGE'} ${cells.join(' ')}`.trimEnd())
}

/** @param {string} entry */
function missing(entry) {
  failed++
  console.log(`${entry} has no limit: run "npm run size:update"`)
}

/** @param {ReadonlyArray<{ bytes: number }>} chunks */
function sum(chunks) {
  return chunks.reduce((total, { bytes }) => total + bytes, 0)
}
