// How often a session survives a reload in the middle of a refresh, at a server that rotates without a grace period.
import { expect, it, onTestFinished } from 'vitest'
import { launch, type Page } from 'puppeteer-core'
import { chromiumArguments, findChromium, findFirefox } from '../gate/browsers.mjs'
import { signIn, status } from './puppeteer-page.js'
import { createStressWorld, type StressWorld } from './stress-world.js'

const ROUNDS = Number(process.env['STRESS_RELOADS'] ?? 20)
/** How long the token endpoint takes: the page is reloaded in this time. */
const RESPONSE_MS = 300

const browsers = { chrome: findChromium(), firefox: findFirefox() } as const

it.each([
  { browser: 'chrome', isInWorker: false, tabs: 1, grace: 0 },
  { browser: 'chrome', isInWorker: true, tabs: 1, grace: 0 },
  { browser: 'chrome', isInWorker: true, tabs: 2, grace: 0 },
  { browser: 'chrome', isInWorker: false, tabs: 1, grace: 10 },
  { browser: 'firefox', isInWorker: false, tabs: 1, grace: 0 },
  { browser: 'firefox', isInWorker: true, tabs: 1, grace: 0 },
  { browser: 'firefox', isInWorker: true, tabs: 2, grace: 0 },
  { browser: 'firefox', isInWorker: false, tabs: 1, grace: 10 },
] as const)('counts sessions that survive: %j', async ({ browser, isInWorker, tabs, grace }) => {
  const executablePath = browsers[browser]
  if (!executablePath) return
  const world = await createStressWorld(grace)
  world.configure({ isInWorker })
  const running = await launch({ browser, executablePath, headless: true, args: browser === 'chrome' ? chromiumArguments : [] })
  onTestFinished(async () => void (await Promise.all([running.close(), world.close()])))
  const context = await running.createBrowserContext()
  const page = await context.newPage()
  await page.goto(world.app.origin)
  await signIn(page, world)
  for (let extra = 1; extra < tabs; extra++) await openBehind(await context.newPage(), world, page)
  let survived = 0
  for (let round = 0; round < ROUNDS; round++) {
    if (await survivesReload(page, world)) survived++
    else await signIn(page, world)
  }
  console.info(
    `reload in the middle of a refresh: ${JSON.stringify({ browser, isInWorker, tabs, grace })}: ${survived} of ${ROUNDS}`,
  )
  if (grace > 0) expect(survived).toBe(ROUNDS)
})

async function openBehind(other: Page, world: StressWorld, page: Page): Promise<void> {
  await other.goto(world.app.origin)
  await expect.poll(() => status(other)).toBe('signed-in')
  // It connects to the worker.
  await other.evaluate(() => window.stress.client.refresh().then(() => undefined))
  await page.bringToFront()
}

/** Reloads while the server has rotated the refresh token and its response is on the way. */
async function survivesReload(page: Page, world: StressWorld): Promise<boolean> {
  let arrived: () => void = () => undefined
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  world.server.dials.onResponse = async (response, request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/token')) return response
    arrived()
    await new Promise((resolve) => setTimeout(resolve, RESPONSE_MS))
    return response
  }
  await page.evaluate(() => void window.stress.client.refresh().catch(() => undefined))
  await arrival
  await page.reload()
  await expect.poll(() => status(page)).toBe('signed-in')
  world.server.dials.onResponse = undefined
  await page.evaluate(() =>
    window.stress.client.refresh().then(
      () => undefined,
      () => undefined,
    ),
  )
  return (await status(page)) === 'signed-in'
}
