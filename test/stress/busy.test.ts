// A page whose main thread is busy for longer than any limit of the storage, right after its start.
import { launch } from 'puppeteer-core'
import { expect, it, onTestFinished } from 'vitest'
import { chromiumArguments, findChromium, findFirefox } from '../gate/browsers.mjs'
import { signIn, status } from './puppeteer-page.js'
import { createStressWorld } from './stress-world.js'

/** Begins while the client waits for its first read of the storage. */
const BUSY = `queueMicrotask(() => setTimeout(() => {
  const until = performance.now() + 6500
  while (performance.now() < until);
}))
addEventListener('DOMContentLoaded', () => {
  const until = performance.now() + 6500
  while (performance.now() < until);
})`

it.each([
  { browser: 'chrome', executablePath: findChromium(), args: chromiumArguments },
  { browser: 'firefox', executablePath: findFirefox(), args: [] },
] as const)('shows the session of a page that is busy at the start: $browser', async ({ browser, executablePath, args }) => {
  if (!executablePath) return
  const world = await createStressWorld(10)
  const running = await launch({ browser, executablePath, headless: true, args: [...args] })
  onTestFinished(async () => void (await Promise.all([running.close(), world.close()])))
  const page = await (await running.createBrowserContext()).newPage()
  await page.goto(world.app.origin)
  await signIn(page, world)
  await page.evaluateOnNewDocument(BUSY)
  await page.reload({ timeout: 60_000 })
  await expect.poll(() => status(page)).toBe('signed-in')
  expect(await page.evaluate(() => window.stress.failures)).toEqual([])
})
