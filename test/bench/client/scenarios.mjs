// What is measured. A scenario gets a visitor who has signed in, unless it says otherwise, and returns numbers by name.
import { configure, cpuTime, momentOf, moveClock, settle, signIn, takeRequests } from './visitor.mjs'

const HOUR_MS = 3_600_000
const TABS = 8
const CALLS = 50
const MEASURED_CALLS = 4000
export const SESSIONS = 50

/** @typedef {import('./visitor.mjs').Visitor} Visitor */
/** @typedef {Readonly<Record<string, number>>} Values */

/** The number of hours that a visitor's clocks are ahead. @type {WeakMap<Visitor, number>} */
const ahead = new WeakMap()

/** @param {Visitor} visitor */
function nextShift(visitor) {
  const hours = (ahead.get(visitor) ?? 0) + 2
  ahead.set(visitor, hours)
  return hours * HOUR_MS
}

/**
 * A first visit, on which the user signs in.
 *
 * @param {Visitor} visitor
 * @returns {Promise<Values>}
 */
export async function firstVisit(visitor) {
  const { page, app, world, origin } = visitor
  await world.shiftClock(0)
  /** @type {Set<string>} */
  const files = new Set()
  page.on('request', (request) => {
    const { pathname, origin: from } = new URL(request.url())
    if (from === origin && pathname in app.sizes) files.add(pathname)
  })
  await takeRequests(visitor)
  const ms = await signIn(visitor)
  const requests = await takeRequests(visitor, 'sign-in')
  const before = weigh(files, app)
  await page.evaluate(() => window.bench.release())
  await settle(page)
  await configure(visitor, { holdsIdle: false })
  const idle = weigh(files, app)
  const all = weigh(Object.keys(app.sizes), app)
  return {
    ...before,
    'idle bytes': idle.bytes,
    'idle files': idle.files,
    'all bytes': all.bytes,
    'sign-in': ms,
    'sign-in requests': requests.all,
    'sign-in series': requests.series,
  }
}

/**
 * @param {Iterable<string>} files
 * @param {import('./visitor.mjs').App} app
 */
function weigh(files, { sizes }) {
  const names = [...files]
  return { bytes: names.reduce((sum, path) => sum + (sizes[path] ?? 0), 0), files: names.length }
}

/**
 * @param {Visitor} visitor
 * @param {string} name
 * @param {number} components that show the user's name
 * @returns {Promise<Values>}
 */
export async function warmStart(visitor, name, components) {
  const { page, origin } = visitor
  await configure(visitor, { components })
  // The first start after a change compiles code that later ones have in a cache.
  await page.goto(`${origin}/`)
  await momentOf(visitor, 'shownAt')
  await settle(page)
  await page.goto(`${origin}/blank`)
  await settle(page)
  const before = await cpuTime(visitor)
  await page.goto(`${origin}/`)
  const ms = await momentOf(visitor, 'shownAt')
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  return { [name]: ms, [`${name} CPU`]: (await cpuTime(visitor)) - before }
}

/**
 * A start with an expired access token, up to the first call of an API that succeeds.
 *
 * @param {Visitor} visitor
 * @returns {Promise<Values>}
 */
export async function expiredStart(visitor) {
  await moveClock(visitor, nextShift(visitor))
  await configure(visitor, { callsAtOnce: true, components: 0 })
  await takeRequests(visitor)
  await visitor.page.goto(`${visitor.origin}/`)
  const ms = await momentOf(visitor, 'calledAt')
  const requests = await takeRequests(visitor, 'call')
  await settle(visitor.page)
  await configure(visitor, { callsAtOnce: false })
  return { 'expired start': ms, 'expired requests': requests.all, 'expired series': requests.series }
}

/**
 * The token expires while the page is open; then many calls are made at once.
 *
 * @param {Visitor} visitor
 * @returns {Promise<Values>}
 */
export async function callsAtExpiry(visitor) {
  const { page, world, origin } = visitor
  await page.goto(`${origin}/`)
  await momentOf(visitor, 'shownAt')
  await settle(page)
  await takeRequests(visitor)
  const shift = nextShift(visitor)
  await world.shiftClock(shift)
  const failed = await page.evaluate(expireAndCall, { shift, calls: CALLS })
  const { token } = await takeRequests(visitor)
  await configure(visitor, { shift })
  return { 'calls token requests': token, 'calls failed': failed }
}

/**
 * Runs in the page.
 *
 * @param {{ shift: number, calls: number }} how
 */
async function expireAndCall({ shift, calls }) {
  const { bench } = window
  Object.assign(bench, { shift })
  const results = await Promise.allSettled(Array.from({ length: calls }, async () => (await bench.call?.())?.ok))
  return results.filter((result) => result.status === 'rejected' || !result.value).length
}

/**
 * The token expires while several tabs are open, which all call at once.
 *
 * @param {Visitor} visitor
 * @returns {Promise<Values>}
 */
export async function tabsAtExpiry(visitor) {
  const { context, world, origin } = visitor
  const tabs = []
  for (let index = 0; index < TABS; index += 1) {
    const tab = await context.newPage()
    await tab.goto(`${origin}/`)
    await momentOf(visitor, 'shownAt', tab)
    tabs.push(tab)
  }
  for (const tab of tabs) await settle(tab)
  await takeRequests(visitor)
  const shift = nextShift(visitor)
  await world.shiftClock(shift)
  const failed = await Promise.all(tabs.map((tab) => tab.evaluate(expireAndCall, { shift, calls: 1 })))
  await new Promise((resolve) => setTimeout(resolve, 500))
  const out = await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Sign in' }).isVisible()))
  const { token } = await takeRequests(visitor)
  await Promise.all(tabs.map((tab) => tab.close()))
  await configure(visitor, { shift })
  return {
    'tabs token requests': token,
    'tabs signed out': out.filter(Boolean).length,
    'tabs first calls failed': failed.reduce((sum, one) => sum + one, 0),
  }
}

/**
 * @param {Visitor} visitor
 * @returns {Promise<Values>} microseconds of one call, with a network that responds at once
 */
export async function callCost(visitor) {
  const { page, origin } = visitor
  await page.goto(`${origin}/`)
  await momentOf(visitor, 'shownAt')
  await settle(page)
  const call = (/** @type {number} */ count) =>
    page.evaluate(async (times) => {
      const { bench } = window
      Object.assign(bench, { isOffline: true })
      for (let done = 0; done < times; done += 1) await bench.call?.()
      Object.assign(bench, { isOffline: false })
    }, count)
  await call(500)
  const before = await cpuTime(visitor)
  await call(MEASURED_CALLS)
  return { 'call CPU': (1000 * ((await cpuTime(visitor)) - before)) / MEASURED_CALLS }
}

/**
 * One refresh while many components show the user's name.
 *
 * @param {Visitor} visitor
 * @param {string} name
 * @param {number} components
 * @returns {Promise<Values>}
 */
export async function refreshCost(visitor, name, components) {
  const { page, origin } = visitor
  await configure(visitor, { components })
  await page.goto(`${origin}/`)
  await momentOf(visitor, 'shownAt')
  await settle(page)
  // The first one loads and compiles code.
  await page.evaluate(() => window.bench.refresh?.())
  await settle(page)
  await page.evaluate(() => Object.assign(window.bench, { renders: 0 }))
  const before = await cpuTime(visitor)
  await page.evaluate(() => window.bench.refresh?.())
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))))
  const cpu = (await cpuTime(visitor)) - before
  // StrictMode is off in production: a render counts once.
  const renders = await page.evaluate(() => window.bench.renders)
  return { [`${name} CPU`]: cpu, ...(components > 0 && { [`${name} renders`]: renders / components }) }
}

/**
 * Signs in at many clients, so that as many sessions are stored.
 *
 * @param {Visitor} visitor
 */
export async function storeSessions(visitor) {
  for (let index = 1; index < SESSIONS; index += 1) {
    await configure(visitor, { clientId: `spa-${index}`, components: 0 })
    await signIn(visitor, true)
  }
  await configure(visitor, { clientId: 'spa-0' })
}
