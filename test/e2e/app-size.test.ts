// What a visitor downloads of Latchkey until they are signed in, in the smallest app that signs in and calls an API.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { recordMeasure } from '../gate/measures.mjs'
import { brotliSize, weigh } from '../gate/size/measure.mjs'
import { launchChromium, visit } from '../harness/browser.js'
import { answerAsServer, issuer, serveApp } from '../harness/in-process-world.js'
import { buildForProduction } from '../harness/production-build.js'

/** Brotli bytes, without React's own: until the claims are on the page, and after the browser has been idle. */
const LIMIT = 21_550
const IDLE_LIMIT = 44_050
/** Files of the app. */
const FILES = 2

const folder = new URL('../gate/size/apps/', import.meta.url)
const built = new URL('../../test-results/size-app/', import.meta.url)

test(`an app downloads at most ${LIMIT} bytes of Latchkey until the user is signed in`, async () => {
  // Vite keeps the value of the test runner, with which React and Latchkey are built for development.
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { initial: withoutLatchkey } = await weigh(fileURLToPath(new URL('bare.tsx', folder)))
  const { entry, session } = await buildApp()
  const app = await serveApp(built, entry)
  const { origin } = app
  const browser = await launchChromium()
  onTestFinished(() => Promise.all([browser.close(), app.close()]).then(() => undefined))
  const { context, page } = await visit(browser, 'about:blank')
  const scripts = new Set<string>()
  context.on('request', (request) => {
    if (request.url().startsWith(`${origin}/assets/`)) scripts.add(new URL(request.url()).pathname)
  })
  await context.route(`${issuer}/**`, answerAsServer(origin))

  const weighScripts = async (): Promise<number> => {
    const sizes = await Promise.all([...scripts].map(async (path) => brotliSize(await readFile(new URL(`.${path}`, built)))))
    return sizes.reduce((sum, size) => sum + size, 0) - withoutLatchkey
  }

  await page.addInitScript(holdIdleCallbacks)
  await page.goto(origin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Alice' }).click()
  await page.getByText('Alice').waitFor()
  await page.getByRole('button', { name: 'Call' }).waitFor()
  const total = await weighScripts()
  const files = scripts.size
  const prefetch = page.waitForRequest(`${origin}/${session}`)
  await page.evaluate(() => window.releaseIdleCallbacks())
  await prefetch
  // With all that it imports.
  await page.evaluate(`import('/${session}')`)
  const idle = await weighScripts()
  await page.getByRole('button', { name: 'Call' }).click()
  await page.getByText('doctype').waitFor()
  // A tab that called an API loads the code for it with the next page, which is not idle yet.
  await Promise.all([page.waitForRequest(/access-calls/), page.reload()])
  recordMeasure('signed-in', total, LIMIT)
  recordMeasure('signed-in-files', files, FILES)
  recordMeasure('idle', idle, IDLE_LIMIT)
  expect(files).toBeGreaterThan(1)
  expect(files).toBeLessThanOrEqual(FILES)
  expect(total).toBeLessThanOrEqual(LIMIT)
  expect(idle).toBeLessThanOrEqual(IDLE_LIMIT)
})

declare global {
  interface Window {
    releaseIdleCallbacks(): void
  }
}

/** Runs in the page: it is not idle before the test says so, so that what a sign-in waits for is counted, and nothing else. */
function holdIdleCallbacks(): void {
  const held: IdleRequestCallback[] = []
  let isIdle = false
  const run = (callback: IdleRequestCallback): void => callback({ didTimeout: false, timeRemaining: () => 50 })
  window.requestIdleCallback = (callback) => (isIdle ? setTimeout(run, 0, callback) : held.push(callback)) as number
  window.releaseIdleCallbacks = () => {
    isIdle = true
    for (const callback of held.splice(0)) run(callback)
  }
}

/** @returns the paths of the entry, and of the code that is only loaded after the sign-in */
async function buildApp(): Promise<{ readonly entry: string; readonly session: string }> {
  const chunks = await buildForProduction(folder, built, {
    // Names without a hash, as in `measure.mjs`: brotli packs those of one build up to 100 bytes better than those of another.
    rolldownOptions: {
      input: fileURLToPath(new URL('latchkey.tsx', folder)),
      output: { entryFileNames: 'assets/[name]-latchkey.js', chunkFileNames: 'assets/[name]-latchkey.js' },
    },
  })
  return {
    entry: chunks.find((chunk) => chunk.isEntry)?.fileName ?? '',
    session: chunks.find((chunk) => chunk.name === 'session-calls')?.fileName ?? '',
  }
}
