// Serves the playground as one bundle for the tests, and prints the URL: a page then costs a third of what `npm start` needs.
// React's development build would double the cost again. The test of `npm start` (playground.e2e.test.ts) uses that.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, loadConfigFromFile, preview } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
const results = fileURLToPath(new URL('../test-results/', import.meta.url))
await mkdir(results, { recursive: true })
const outDir = await mkdtemp(`${results}playground-`)
process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))

process.env.NODE_ENV = 'production'
// Loaded once: the configuration makes a key that the page and the server must agree on.
const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, `${root}vite.config.ts`)
const config = { ...loaded?.config, configFile: /** @type {const} */ (false), root, logLevel: /** @type {const} */ ('error') }
await build({ ...config, build: { ...config.build, outDir, emptyOutDir: true, reportCompressedSize: false } })
// The server is not what is built.
process.env.NODE_ENV = 'development'
const server = await preview({ ...config, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })

console.log(server.resolvedUrls?.local[0])

// The test run ends it by closing the pipe, also when the run is killed. Vite itself may exit on that.
await once(process.stdin.resume(), 'end')
process.exit()
