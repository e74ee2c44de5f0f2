// Twelve tabs with tokens of five seconds, rotation and reuse detection, for three minutes: reload, navigate, close, crash, freeze.
import type { BrowserContext, Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { launchChromium } from '../harness/browser.js'
import { alice } from '../harness/users.js'
import { createStressWorld, type StressWorld } from './stress-world.js'

const TABS = 12
const SECONDS = Number(process.env['STRESS_SECONDS'] ?? 180)
const GRACE_SECONDS = 10

type Action = (page: Page) => Promise<unknown>

interface Browsing {
  readonly context: BrowserContext
  readonly world: StressWorld
  readonly tabs: Page[]
  readonly unhandled: string[]
}

it(`keeps the session of ${TABS} tabs for ${SECONDS} seconds`, async () => {
  const browsing = await signedIn()
  const { world, tabs, unhandled, context } = browsing
  await Promise.all(Array.from({ length: TABS - 1 }, async () => tabs.push(await openTab(browsing))))
  const counts = await disturb(browsing)
  for (const page of tabs) await expect.poll(() => shown(page), { message: 'a tab without a session' }).toBe('signed-in')
  const failures = await Promise.all(tabs.map((page) => page.evaluate(() => window.stress.failures)))
  const cookies = await context.cookies()
  console.info('stress', {
    ...counts,
    events: Object.fromEntries(world.events),
    failures: failures.flat(),
    cookies: cookies.length,
  })
  expect(world.events.get('refresh_token.replayed') ?? 0, 'refresh tokens that were used again').toBe(0)
  expect(unhandled, 'unhandled rejections').toEqual([])
})

async function signedIn(): Promise<Browsing> {
  const world = await createStressWorld(GRACE_SECONDS)
  const browser = await launchChromium()
  onTestFinished(async () => void (await Promise.all([browser.close(), world.close()])))
  world.server.dials.accessTokenLifetime = 5
  world.configure({ everyMs: 700 })
  // The refresh token is spent, and the response is on its way.
  world.server.dials.onResponse = async (response, { method, url }) => {
    if (method === 'POST' && url.endsWith('/token')) await new Promise((resolve) => setTimeout(resolve, Math.random() * 400))
    return response
  }
  const context = await browser.newContext()
  const unhandled: string[] = []
  context.on('weberror', (error) => unhandled.push(String(error.error())))
  const page = await context.newPage()
  await page.goto(world.app.origin)
  await page.waitForFunction(() => window.stress?.client.getSnapshot().status === 'signed-out')
  await page.evaluate(() => void window.stress.client.login())
  await page.click(world.server.pages.userButton(alice))
  await page.waitForFunction(() => window.stress?.client.getSnapshot().status === 'signed-in')
  return { context, world, tabs: [page], unhandled }
}

async function openTab({ context, world }: Pick<Browsing, 'context' | 'world'>): Promise<Page> {
  const page = await context.newPage()
  await page.goto(world.app.origin)
  return page
}

const shown = (page: Page): Promise<string | null> => page.getByTestId('status').textContent()

async function freeze(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * 3000))
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await session.detach()
}

async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  void session.send('Page.crash').catch(() => undefined)
  await crashed
}

/** Does something to a random tab, again and again. @returns how often what was done */
async function disturb(browsing: Browsing): Promise<Record<string, number>> {
  const { tabs, world } = browsing
  const counts: Record<string, number> = {}
  const replace = async (page: Page, end: Action): Promise<void> => {
    await end(page)
    await page.close().catch(() => undefined)
    tabs[tabs.indexOf(page)] = await openTab(browsing)
  }
  const actions: Readonly<Record<string, Action>> = {
    reload: (page) => page.reload(),
    navigate: (page) => page.goto(`${world.app.origin}/page-${Math.floor(Math.random() * 100)}`),
    close: (page) => replace(page, async () => undefined),
    crash: (page) => replace(page, crash),
    freeze,
  }
  const names = Object.keys(actions)
  const busy = new Set<Page>()
  const until = Date.now() + SECONDS * 1000
  const work = async (): Promise<void> => {
    while (Date.now() < until) {
      const name = names[Math.floor(Math.random() * names.length)] ?? ''
      const page = tabs[Math.floor(Math.random() * tabs.length)]
      if (!page || busy.has(page)) continue
      busy.add(page)
      counts[name] = (counts[name] ?? 0) + 1
      await actions[name]?.(page)
      busy.delete(page)
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 400))
    }
  }
  await Promise.all([work(), work(), work()])
  return counts
}
