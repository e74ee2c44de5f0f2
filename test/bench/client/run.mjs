// Measures the client's CPU time in Chromium beside other ways to share a user, in turns, as ratios; asserts nothing.
// Build first: npm run build. ROUNDS=5 shortens a run, PROFILE=latchkey writes a CPU profile of one subject to test-results/,
// BASE=/path/to/packages adds another build of Latchkey, in the folders dist-base of core and react.
import { createServer } from 'node:http'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { chromiumArguments, findChromium } from '../../gate/browsers.mjs'

const ROUNDS = Number(process.env['ROUNDS'] ?? 15)
const COUNT = 10_000
const CALLS = 500
const results = new URL('../../../test-results/', import.meta.url)

/** @typedef {import('playwright-core').CDPSession} CDPSession */
/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {string} name
 * @param {string | undefined} base folder of another build
 * @returns {Promise<string>} the code of the page
 */
async function bundle(name, base) {
  const alias = base
    ? [
        { find: /^@latchkey\/(core|react)$/, replacement: `${base}/$1/dist-base/index.js` },
        { find: /^@latchkey\/(core|react)\/(.+)$/, replacement: `${base}/$1/dist-base/$2.js` },
      ]
    : []
  const outDir = fileURLToPath(new URL(`bench/${name}/`, results))
  await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    resolve: { alias },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      minify: process.env['PROFILE'] === undefined,
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(new URL('page.ts', import.meta.url)), output: { entryFileNames: 'page.js' } },
    },
  })
  return outDir
}

/** @param {Readonly<Record<string, string>>} folders */
async function serve(folders) {
  const server = createServer((request, response) => {
    const [, name = '', ...path] = (request.url ?? '').split('?')[0]?.split('/') ?? []
    const folder = folders[name]
    if (name === 'api') return void response.end('{}')
    if (folder && path.at(-1)?.endsWith('.js'))
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(folder + path.join('/')))
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/${name}/page.js"></script>`)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  return { server, origin: `http://localhost:${typeof address === 'object' ? address?.port : ''}` }
}

/**
 * @param {CDPSession} cdp
 * @param {() => Promise<unknown>} run
 * @returns {Promise<number>} milliseconds of CPU time of the main thread
 */
async function cpuOf(cdp, run) {
  const before = await taskTime(cdp)
  await run()
  return (await taskTime(cdp)) - before
}

/** @param {CDPSession} cdp */
async function taskTime(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
}

/**
 * @param {Page} page
 * @param {string} name of the subject
 * @param {string} origin
 * @returns {Promise<Readonly<Record<string, number>>>} CPU time by what was measured
 */
async function measure(page, name, origin) {
  const [subject = '', version = 'new'] = name.split('@')
  await page.goto(`${origin}/${version}`)
  await page.waitForFunction('window.bench')
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const isCalls = subject.endsWith('calls')
  await page.evaluate(isCalls ? `bench.prepareCalls('${subject}')` : `bench.prepare('${subject}')`)
  if (isCalls) {
    await page.evaluate('bench.calls(300)')
    return { call: (await cpuOf(cdp, () => page.evaluate(`bench.calls(${CALLS})`))) * (1000 / CALLS) }
  }
  const profiled = process.env['PROFILE']
  if (profiled) {
    await cdp.send('Profiler.enable')
    await cdp.send('Profiler.setSamplingInterval', { interval: 100 })
    await cdp.send('Profiler.start')
  }
  const start = await cpuOf(cdp, () => page.evaluate(`bench.mount(${COUNT})`))
  if (profiled) writeFileSync(new URL(`${name}.cpuprofile`, results), JSON.stringify((await cdp.send('Profiler.stop')).profile))
  const refreshed = await cpuOf(cdp, () => page.evaluate('bench.refresh()'))
  return { start, refresh: refreshed }
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

const base = process.env['BASE']
const folders = { new: await bundle('new', undefined), ...(base && { base: await bundle('base', base) }) }
mkdirSync(results, { recursive: true })
const { server, origin } = await serve(folders)
const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : { channel: 'chromium' }),
  args: [...chromiumArguments],
})
const all = (process.env['SUBJECTS'] ?? 'plain twice floor latchkey react-oidc-context bare-calls latchkey-calls').split(' ')
const subjects = [...all, ...(base ? all.filter((one) => one.startsWith('latchkey')).map((one) => `${one}@base`) : [])]
/** @type {Record<string, Record<string, number[]>>} */
const found = {}
for (let round = 0; round < ROUNDS; round++) {
  for (const subject of subjects) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const values = await measure(page, subject, origin)
    for (const [what, value] of Object.entries(values)) ((found[subject] ??= {})[what] ??= []).push(value)
    await context.close()
  }
}
for (const [subject, values] of Object.entries(found)) {
  for (const [what, list] of Object.entries(values)) {
    const spread = `${Math.min(...list).toFixed(1)}-${Math.max(...list).toFixed(1)}`
    console.log(`${subject.padEnd(24)}${what.padEnd(9)}${median(list).toFixed(1)} (${spread})`)
  }
}
await browser.close()
server.close()
